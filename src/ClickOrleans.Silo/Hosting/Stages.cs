using ClickOrleans.FakeClicks;
using ClickOrleans.Grains;
using ClickOrleans.Grains.Silos;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Aggregating;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;

namespace ClickOrleans.Silo.Hosting;

/// <summary>Registers the pipeline's stages, which know neither Orleans nor a server's client.</summary>
internal static class Stages
{
    /// <summary>The stages that a silo's grains run.</summary>
    public static void AddStages(this IServiceCollection services, Settings settings)
    {
        services.AddToolStages(settings);
        services.AddSingleton(settings.Consuming);
        services.AddTransient<ConsumerWorker>();
        services.AddSingleton<Func<int, ProducerWorker>>(provider => producer => MakeProducer(provider, settings, producer));
        services.AddSingleton<IndexerOptions>();
        services.AddSingleton<Indexer>();
        services.AddSingleton(provider => new Aggregator(
            provider.GetRequiredService<IClickStore>(),
            provider.GetRequiredService<IRollupStore>(),
            provider.GetRequiredService<Indexer>(),
            settings.Aggregation.ChunkSize,
            provider.GetRequiredService<StageContext>()));
        services.AddSingleton<SiloName>();
        services.AddSingleton<SiloLoads>();
    }

    /// <summary>What a person or a command uses directly.</summary>
    public static void AddToolStages(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new WorkerThreadScheduler("stage", Math.Max(2, Environment.ProcessorCount)));
        services.AddSingleton(provider => new StageContext(
            provider.GetRequiredService<TimeProvider>(), Random.Shared, provider.GetRequiredService<WorkerThreadScheduler>()));
        services.AddSingleton<Verifier>();
        services.AddSingleton<DeadLetterService>();
        services.AddSingleton(provider => new DesiredStateService(provider.GetRequiredService<IDesiredStateStore>(), settings.DesiredState));
    }

    private static ProducerWorker MakeProducer(IServiceProvider provider, Settings settings, int producer)
    {
        var context = provider.GetRequiredService<StageContext>();
        return new ProducerWorker(
            provider.GetRequiredService<IClickLog>(),
            new ClickGenerator(settings.Generator, producer, context.Time),
            context,
            provider.GetRequiredService<ILogger<ProducerWorker>>());
    }
}
