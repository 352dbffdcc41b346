using System.Net;
using System.Net.Sockets;
using ClickOrleans.Grains;
using ClickOrleans.Grains.Placement;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.ServiceDefaults;
using ClickOrleans.Silo.Configuration;
using Orleans.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>
/// The silo: alone with everything in memory, or, where the <c>Orleans:Clustering</c> section says so, one of a cluster.
/// </summary>
internal static class OrleansHosting
{
    /// <summary>Reminders are this pipeline's schedule: the shortest interval is a second.</summary>
    private static readonly TimeSpan MinimumReminderPeriod = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LiveStatisticsPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>A few dozen grains: what counts the cache's entries, the Orleans dashboard every second, walks through all the room for them.</summary>
    private const int DirectoryCacheSize = 1_000;

    /// <summary>Orleans' own setting: calls between grains carry the trace's context.</summary>
    private const string DistributedTracing = "Orleans:EnableDistributedTracing";

    public static bool IsClustered(this IConfiguration configuration) =>
        configuration["Orleans:Clustering:ProviderType"] is { Length: > 0 } type && type != "Development";

    public static void AddSilo(this WebApplicationBuilder builder, Settings settings)
    {
        var clustered = builder.Configuration.IsClustered();
        if (clustered && settings.UsesDataFolder)
        {
            throw new StartupException(
                "A cluster of silos (Orleans:Clustering) needs servers that all silos share: set ConnectionStrings:kafka, " +
                "ConnectionStrings:clickstream and ConnectionStrings:elasticsearch. Embedded storage serves one silo.");
        }

        if (clustered)
        {
            builder.Configuration.CompleteCluster();
            builder.Services.AddClusterTables(builder.Configuration);
        }

        if (builder.Configuration.ExportsTelemetry() && builder.Configuration[DistributedTracing] is null)
        {
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(DistributedTracing, "true")]);
        }

        builder.UseOrleans(silo =>
        {
            if (clustered)
            {
                silo.DetectFailures(settings.Cluster);
                silo.UseKubernetes(settings.Cluster, builder.Configuration);
                if (builder.Configuration["Orleans:Endpoints:GatewayPort"] is null)
                {
                    // Nobody but silos talks to a silo.
                    silo.Configure<EndpointOptions>(options => options.GatewayPort = 0);
                }
            }
            else
            {
                // No gateway: nobody but this process talks to the silo. A free port: several may run on one machine.
                silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0);
                silo.UseInMemoryReminderService();
            }

            silo.AddMemoryStreams(LiveStatisticsStream.Provider, ConfigureLiveStatistics);
            silo.AddEvenPlacement();
            silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = DirectoryCacheSize);
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = MinimumReminderPeriod);
        });
        builder.Services.AddHostedService<PipelinePing>();

        // The stream's queues are grains in memory and move, empty, with every silo that comes or goes: told with a stack trace each time,
        // repaired by the next read. What is lost is a second of live statistics; that a consumer cannot publish it says itself.
        builder.Logging
            .AddFilter($"Orleans.Streams.{LiveStatisticsStream.Provider}", LogLevel.None)
            .AddFilter("Orleans.Providers.MemoryAdapterReceiver", LogLevel.None);
    }

    private static void ConfigureLiveStatistics(ISiloMemoryStreamConfigurator stream)
    {
        // Its only subscriber is found by the stream's name: there is no list of subscriptions to keep, or to lose with a silo.
        stream.ConfigureStreamPubSub(Orleans.Streams.StreamPubSubType.ImplicitOnly);

        // It is one stream and fills one queue; consumers tell once a second. Eight queues asked ten times a second are the default.
        stream.ConfigurePartitioning(1);
        stream.ConfigurePullingAgent(agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = LiveStatisticsPeriod));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
