using System.Net;
using System.Net.Sockets;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.ServiceDefaults;
using Orleans.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>
/// The silo: alone with everything in memory, or, where the <c>Orleans:Clustering</c> section says so, one of a cluster.
/// </summary>
internal static class OrleansHosting
{
    /// <summary>Orleans' own setting: calls between grains carry the trace's context.</summary>
    private const string DistributedTracing = "Orleans:EnableDistributedTracing";

    public static bool IsClustered(this IConfiguration configuration) =>
        configuration["Orleans:Clustering:ProviderType"] is { Length: > 0 } type && type != "Development";

    /// <summary>To be called after the adapters are chosen.</summary>
    /// <exception cref="StartupException">A cluster is configured on embedded storage.</exception>
    public static void AddSilo(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.ExportsTelemetry() && builder.Configuration[DistributedTracing] is null)
        {
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(DistributedTracing, "true")]);
        }

        if (builder.Configuration.IsClustered())
        {
            builder.JoinCluster();
        }
        else
        {
            // No gateway: nobody but this process calls the silo. A free port: several may run on one machine.
            builder.UseOrleans(silo => silo
                .UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0)
                .UseInMemoryReminderService()
                .AddClickOrleansGrains());
        }
    }

    private static void JoinCluster(this WebApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(IEmbeddedStorage)))
        {
            throw new StartupException(
                "A cluster of silos (Orleans:Clustering) needs servers that all silos share: set ConnectionStrings:kafka, " +
                "ConnectionStrings:clickstream and ConnectionStrings:elasticsearch. Embedded storage serves one silo.");
        }

        builder.Configuration.CompleteCluster();
        builder.Services.AddClusterTables(builder.Configuration);
        builder.UseOrleans(silo =>
        {
            silo.DetectFailures();
            silo.UseKubernetes(builder.Configuration);
            if (builder.Configuration["Orleans:Endpoints:GatewayPort"] is null)
            {
                // Nobody but silos calls a silo.
                silo.Configure<EndpointOptions>(options => options.GatewayPort = 0);
            }

            silo.AddClickOrleansGrains();
        });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
