using ClickOrleans.Grains;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Grains.Placement;
using ClickOrleans.Grains.Silos;
using ClickOrleans.Grains.Statistics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

// Where every silo looks for what can be added to it.
namespace Orleans.Hosting;

public static class ClickOrleansSiloBuilderExtensions
{
    /// <summary>Reminders are this pipeline's schedule: the shortest interval is a second.</summary>
    private static readonly TimeSpan MinimumReminderPeriod = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LiveStatisticsPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A few dozen grains: what counts the cache's entries, the Orleans dashboard every second, walks through all the room for
    /// them.
    /// </summary>
    private const int DirectoryCacheSize = 1_000;

    /// <summary>
    /// Runs the stages of <c>AddClickOrleans</c> on this silo, in grains. The silo brings clustering and a reminder service.
    /// </summary>
    public static ISiloBuilder AddClickOrleansGrains(this ISiloBuilder silo)
    {
        silo.AddMemoryStreams(LiveStatisticsStream.Provider, ConfigureLiveStatistics);
        silo.AddEvenPlacement();
        silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = DirectoryCacheSize);
        silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = MinimumReminderPeriod);
        silo.Services.AddSingleton<SiloName>();
        silo.Services.AddSingleton<SiloLoads>();
        silo.Services.AddSingleton<PipelineControl>();
        silo.Services.AddHostedService<PipelineStart>();
        silo.Services.AddHostedService<PipelinePing>();

        // The stream's queues are grains in memory and move, empty, with every silo that comes or goes: logged with a stack trace
        // each time, repaired by the next read. What is lost is a second of live statistics; a consumer that cannot publish
        // logs it.
        silo.Services.AddLogging(logging => logging
            .AddFilter($"Orleans.Streams.{LiveStatisticsStream.Provider}", LogLevel.None)
            .AddFilter("Orleans.Providers.MemoryAdapterReceiver", LogLevel.None));
        return silo;
    }

    private static void ConfigureLiveStatistics(ISiloMemoryStreamConfigurator stream)
    {
        // Its only subscriber is found by the stream's name: there is no list of subscriptions to keep, or to lose with a silo.
        stream.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);

        // It is one stream and fills one queue; consumers publish once a second. Eight queues read ten times a second are the
        // default.
        stream.ConfigurePartitioning(1);
        stream.ConfigurePullingAgent(agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = LiveStatisticsPeriod));
    }
}
