using ClickOrleans.AppHost.Servers;
using ClickOrleans.AppHost.Silos;
using ClickOrleans.Deploy;

var builder = DistributedApplication.CreateBuilder(args);
ServerPlan plan;
try
{
    plan = await ServerPlan.ReadAsync(builder);
}
catch (DistributedApplicationException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

if (plan.Note is { } note)
{
    Console.WriteLine(note);
}

// The names are those of the connection strings by which the silo chooses its adapters. Volumes are named: a default name would
// depend on the checkout's path. A generated password is kept in the user secrets, as long as the volumes keep the data that it
// opens; letters and digits, because it becomes part of connection strings.
var password = new GenerateParameterDefault { MinLength = 32, Special = false };
var kafka = plan.Add("kafka", () => builder.AddKafka("kafka", "clickorleans-kafka").WithUI());
var clickstream = plan.Add("clickstream", () => builder
    .AddPostgres("postgres", password: builder.AddParameter("postgres-password", password, secret: true, persist: true))
    .WithImage(ServerImages.Postgres)
    .WithArgs("-c", "max_connections=200", "-c", "shared_buffers=1GB")
    .WithDataVolume("clickorleans-postgres")
    .AddDatabase("clickstream"));
var elasticsearch = plan.Add("elasticsearch", () => builder.AddElasticsearch(
    "elasticsearch",
    builder.AddParameter("elasticsearch-password", password, secret: true, persist: true),
    "clickorleans-elasticsearch"));

var silo = builder.AddPipelineSilos(replicas: plan.HasEmbedded ? 1 : 3);
foreach (var server in new[] { kafka, clickstream, elasticsearch }.OfType<IResourceBuilder<IResourceWithConnectionString>>())
{
    // A silo waits for a given server itself, for a limited time, and names the one that does not answer.
    _ = server.Resource is ParameterResource ? silo.WithReference(server) : silo.WithReference(server).WaitFor(server);
}

if (plan.HasEmbedded)
{
    var data = Path.GetFullPath(builder.Configuration["Data"] ?? "../data", builder.AppHostDirectory);
    silo.WithEnvironment("ClickOrleans__Data", data);
}
else
{
    silo.WithCluster(clickstream!);
}

await builder.Build().RunAsync();
return 0;
