// The whole pipeline on one desk: servers as containers, three silos, one dashboard. Start: aspire run, or dotnet run --file aspire/apphost.cs
#:sdk Aspire.AppHost.Sdk@13.1.3
#:package Aspire.Hosting.Kafka@13.1.3
#:package Aspire.Hosting.PostgreSQL@13.1.3
#:package Aspire.Hosting.Orleans@13.1.3
#:package Aspire.Hosting.Elasticsearch@13.1.0
#:project ../src/ClickOrleans.Silo/ClickOrleans.Silo.csproj
#:property UserSecretsId=6a0e1f0c-8f1b-4f64-9c2e-5d3b7a41c0de
#:property PublishAot=false

using System.Text;
using Aspire.Hosting.Orleans;
using Microsoft.Extensions.DependencyInjection;

// The servers' versions; those of Aspire itself are above.
const string KafkaTag = "8.1.0";
const string KafkaUITag = "v1.3.0";
const string PostgresTag = "17.6";
const string ElasticsearchTag = "8.19.0";
const int Silos = 3;

var builder = DistributedApplication.CreateBuilder(args);

// A generated password is kept in the user secrets, as long as the volumes keep the data that it opens. Letters and digits: it becomes
// part of connection strings.
var postgresPassword = builder.AddParameter("postgres-password", Password(), secret: true, persist: true);
var elasticsearchPassword = builder.AddParameter("elasticsearch-password", Password(), secret: true, persist: true);

// The names are those of the connection strings by which the silo chooses its adapters. Volumes are named: a default name would hang on
// the checkout's path.
var kafka = builder.AddKafka("kafka")
    .WithImageTag(KafkaTag)
    .WithDataVolume("clickorleans-kafka")
    .WithKafkaUI(ui => ui.WithImageTag(KafkaUITag).WithUrlForEndpoint("http", url => url.DisplayText = "Kafka UI"));
var clickstream = builder.AddPostgres("postgres", password: postgresPassword)
    .WithImageTag(PostgresTag)
    .WithDataVolume("clickorleans-postgres")
    .AddDatabase("clickstream");
var elasticsearch = builder.AddElasticsearch("elasticsearch", elasticsearchPassword)
    .WithImageTag(ElasticsearchTag)
    .WithDataVolume("clickorleans-elasticsearch");

// Reminders belong to the service and outlive a run. The cluster is a new one each time: silos of a run that was killed are still in the
// kept table, at ports that nobody answers any more, and a start would wait until they are taken for dead.
var isRun = builder.ExecutionContext.IsRunMode;
var database = new AdoNetProvider(clickstream);
var orleans = builder.AddOrleans("orleans")
    .WithServiceId("clickorleans")
    .WithClusterId(isRun ? $"clickorleans-{Guid.CreateVersion7():N}" : "clickorleans")
    .WithClustering(database)
    .WithReminders(database)
    .WithGrainStorage("Default", database);

// Health is whether the pipeline keeps up. Nothing waits for it and no command needs it, so that a silo that is behind can still be told
// what to do. Without a launch profile the endpoint is this one alone.
var silo = builder.AddProject<Projects.ClickOrleans_Silo>("silo", launchProfileName: null)
    .WithHttpEndpoint(port: 5080)
    .WithReplicas(Silos)
    .WithReference(orleans)
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(clickstream).WaitFor(clickstream)
    .WithReference(elasticsearch).WaitFor(elasticsearch)
    .WithEnvironment("ClickOrleans__Kafka__Partitions", "6")
    .WithEnvironment("ClickOrleans__Consumers__Count", "3")
    .WithHttpHealthCheck("/health/ready", endpointName: "http")
    .WithUrlForEndpoint("http", url => url.DisplayText = "ClickOrleans")
    .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/api/status", DisplayText = "Status" })
    .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/health/ready", DisplayText = "Readiness", DisplayLocation = UrlDisplayLocation.DetailsOnly })
    .WithUrlForEndpoint("orleans-silo", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
    .WithUrlForEndpoint("orleans-gateway", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);

if (isRun)
{
    // On one machine nobody else is to reach a silo, and a network that changes is not to change its address.
    silo.WithEnvironment("Orleans__Endpoints__AdvertisedIPAddress", "127.0.0.1");
}
else
{
    // Deployed, the silo listens on every address, which it refuses to do without a key.
    silo.WithEnvironment("ClickOrleans__ApiKey", builder.AddParameter("api-key", secret: true));
}

// The program's own command, started by a button; its log names what it compared, and its exit code is the answer.
var verify = builder.AddProject<Projects.ClickOrleans_Silo>("verify", launchProfileName: null)
    .WithArgs("verify")
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(clickstream).WaitFor(clickstream)
    .WithReference(elasticsearch).WaitFor(elasticsearch)
    .WithExplicitStart()
    .ExcludeFromManifest();

silo
    .WithHttpCommand("/api/aggregation/run", "Run aggregation now", endpointName: "http", commandName: "run-aggregation", commandOptions: new()
    {
        Description = "Fold and index everything that is stored.",
        IconName = "ArrowSync",
        IsHighlighted = true,
    })
    .WithHttpCommand("/api/consumers", "Pause consumers", endpointName: "http", commandName: "pause-consumers", commandOptions: Consumers(
        0, "Pause", "Store nothing more; clicks wait in Kafka."))
    .WithHttpCommand("/api/consumers", "Resume consumers", endpointName: "http", commandName: "resume-consumers", commandOptions: Consumers(
        Silos, "Play", "Go on where consuming was paused, with a consumer for each silo."))
    .WithCommand("verify", "Verify", StartVerifyAsync, new CommandOptions
    {
        Description = "Prove that nothing was lost and nothing doubled: see the resource verify.",
        IconName = "ShieldCheckmark",
        IsHighlighted = true,
    });

builder.Build().Run();

Task<ExecuteCommandResult> StartVerifyAsync(ExecuteCommandContext context) =>
    context.ServiceProvider.GetRequiredService<ResourceCommandService>()
        .ExecuteCommandAsync(verify.Resource, KnownResourceCommands.StartCommand, context.CancellationToken);

static GenerateParameterDefault Password() => new() { MinLength = 32, Special = false };

static HttpCommandOptions Consumers(int count, string icon, string description) => new()
{
    Method = HttpMethod.Put,
    PrepareRequest = context =>
    {
        context.Request.Content = new StringContent($$"""{"count":{{count}}}""", Encoding.UTF8, "application/json");
        return Task.CompletedTask;
    },
    IconName = icon,
    Description = description,
};

/// <summary>Orleans' ADO.NET providers on PostgreSQL: Aspire's own would name a provider after the resource's class, which Orleans does not know.</summary>
internal sealed class AdoNetProvider(IResourceBuilder<PostgresDatabaseResource> database) : IProviderConfiguration
{
    public void ConfigureResource<T>(IResourceBuilder<T> resourceBuilder, string configSectionPath)
        where T : IResourceWithEnvironment =>
        resourceBuilder
            .WithReference(database)
            .WithEnvironment($"Orleans__{configSectionPath}__ProviderType", "AdoNet")
            .WithEnvironment($"Orleans__{configSectionPath}__Invariant", "Npgsql")
            .WithEnvironment($"Orleans__{configSectionPath}__ConnectionName", database.Resource.Name);
}
