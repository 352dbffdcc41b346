using ClickOrleans.Pipeline.Aggregating;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Series;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Pipeline.Composition;

/// <summary>Registers the pipeline's stages and what commands and pages use, all on the ports alone.</summary>
internal static class StageRegistration
{
    public static void AddStages(this IClickOrleansBuilder builder)
    {
        builder
            .AddOptions<StartupOptions>(StartupOptions.Section)
            .AddOptions<ProducersOptions>(ProducersOptions.Section)
            .AddOptions<ConsumersOptions>(ConsumersOptions.Section)
            .AddOptions<ConsumingOptions>(ConsumingOptions.Section)
            .AddOptions<DuplicatesOptions>(DuplicatesOptions.Section)
            .AddOptions<AggregationOptions>(AggregationOptions.Section)
            .AddOptions<SweepOptions>(SweepOptions.Section);

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new WorkerThreadScheduler("stage", Math.Max(2, Environment.ProcessorCount)));
        services.AddSingleton(MakeContext);
        services.AddSingleton<IOutageClassifier, PipelineOutages>();
        services.AddSingleton<OutageText>();
        services.AddSingleton<Preparation>();
        services.AddStageOptions<ConsumingOptions>();
        services.AddStageOptions<DuplicatesOptions>();
        services.AddStageOptions<SweepOptions>();
        services.AddTransient<ConsumerWorker>();
        services.AddSingleton<Func<int, ProducerWorker>>(provider => producer => MakeProducer(provider, producer));
        services.AddSingleton<IndexerOptions>();
        services.AddSingleton<Indexer>();
        services.AddSingleton<IndexSweep>();
        services.AddSingleton(MakeAggregator);
        services.AddSingleton(MakeDesiredState);
        services.AddSingleton<Verifier>();
        services.AddSingleton<DeadLetterService>();
        services.AddSingleton<SeriesReader>();
        services.AddSingleton<LossAcceptance>();
        services.AddSingleton<LogAdoption>();
    }

    /// <summary>A stage takes its options as they are: it is a plain class.</summary>
    private static void AddStageOptions<TOptions>(this IServiceCollection services)
        where TOptions : class =>
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);

#pragma warning disable RS0030 // Here the system's randomness enters; everything else takes it from the context.
    private static StageContext MakeContext(IServiceProvider provider) => new(
        provider.GetRequiredService<TimeProvider>(), Random.Shared, provider.GetRequiredService<WorkerThreadScheduler>());
#pragma warning restore RS0030

    private static ProducerWorker MakeProducer(IServiceProvider provider, int producer) => new(
        provider.GetRequiredService<IClickLog>(),
        provider.GetService<Func<int, IClickSource>>()?.Invoke(producer)
            ?? throw new InvalidOperationException("There is no source of clicks to produce: UseFakeClicks() adds one."),
        provider.GetRequiredService<StageContext>(),
        provider.GetRequiredService<ILogger<ProducerWorker>>());

    private static Aggregator MakeAggregator(IServiceProvider provider) => new(
        provider.GetRequiredService<IClickStore>(),
        provider.GetRequiredService<IRollupStore>(),
        provider.GetRequiredService<Indexer>(),
        provider.GetRequiredService<IOptions<AggregationOptions>>().Value.ChunkSize,
        provider.GetRequiredService<StageContext>());

    private static DesiredStateService MakeDesiredState(IServiceProvider provider) => new(
        provider.GetRequiredService<IDesiredStateStore>(),
        new DesiredState(
            provider.GetRequiredService<IOptions<ProducersOptions>>().Value.State,
            provider.GetRequiredService<IOptions<ConsumersOptions>>().Value.State,
            provider.GetRequiredService<IOptions<AggregationOptions>>().Value.State));
}
