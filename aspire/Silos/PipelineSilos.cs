using System.Globalization;

namespace ClickOrleans.AppHost.Silos;

/// <summary>The silos: one program, one endpoint, one set of commands, whatever servers they are on.</summary>
internal static class PipelineSilos
{
    public static IResourceBuilder<ProjectResource> AddPipelineSilos(this IDistributedApplicationBuilder builder, int replicas)
    {
        var consumers = Math.Max(replicas, 2);

        // Health is whether the pipeline keeps up. Nothing waits for it and no command needs it, so that a silo that is behind
        // can still be told what to do. Without a launch profile the endpoint is this one alone.
        var silo = builder.AddProject<Projects.ClickOrleans_Silo>("silo", launchProfileName: null)
            .WithHttpEndpoint(port: 5080)
            .WithoutHttpsCertificate()
            .WithReplicas(replicas)
            .WithEnvironment("ClickOrleans__Consumers__Count", consumers.ToString(CultureInfo.InvariantCulture))
            .WithHttpHealthCheck("/health/ready", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "ClickOrleans")
            .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/api/status", DisplayText = "Status" })
            .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation
            {
                Url = "/health/ready",
                DisplayText = "Readiness",
                DisplayLocation = UrlDisplayLocation.DetailsOnly,
            })
            .WithPipelineCommands(consumers);

        // Aspire ends its dashboard first; an exporter that sends again would hold up the silo's stop for seconds.
        silo.WithEnvironment(context => context.EnvironmentVariables.Remove("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"));
        if (builder.ExecutionContext.IsPublishMode)
        {
            // Deployed, the silo listens on every address, which it refuses to do without a key.
            silo.WithEnvironment("ClickOrleans__ApiKey", builder.AddParameter("api-key", secret: true));
        }

        // Where the README of certs says to put it; the silo runs in another folder.
        var authority = Path.GetFullPath("../certs/http_ca.crt", builder.AppHostDirectory);
        return File.Exists(authority)
            ? silo.WithEnvironment("ClickOrleans__Elasticsearch__CertificateAuthority", authority)
            : silo;
    }

    /// <summary>Makes the silos one cluster, with membership, reminders and grain storage in the store's database.</summary>
    public static void WithCluster(
        this IResourceBuilder<ProjectResource> silo, IResourceBuilder<IResourceWithConnectionString> database)
    {
        // Reminders belong to the service and outlive a run. The cluster is a new one each time: silos of a run that was killed
        // are still in the membership table, at ports that nothing listens on any more.
        var isRun = silo.ApplicationBuilder.ExecutionContext.IsRunMode;
        database.WithOrleansProviderType("AdoNet");
        var orleans = silo.ApplicationBuilder.AddOrleans("orleans")
            .WithServiceId("clickorleans")
            .WithClusterId(isRun ? $"clickorleans-{Guid.CreateVersion7():N}" : "clickorleans")
            .WithClustering(database)
            .WithReminders(database)
            .WithGrainStorage("Default", database);
        silo.WithReference(orleans)
            .WithEnvironment("ClickOrleans__Kafka__Partitions", "6")
            .WithUrlForEndpoint("orleans-silo", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithUrlForEndpoint("orleans-gateway", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
        if (isRun)
        {
            // One machine: nothing else reaches a silo, and a network that changes does not change its address.
            silo.WithEnvironment("Orleans__Endpoints__AdvertisedIPAddress", "127.0.0.1");
        }
    }
}
