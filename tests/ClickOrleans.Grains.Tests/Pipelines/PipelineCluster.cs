using System.Collections.Concurrent;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Grains.Placement;
using ClickOrleans.Pipeline.Aggregating;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace ClickOrleans.Grains.Tests.Pipelines;

/// <summary>
/// All grains on two silos in this process, on a log in which nothing happens and a store that keeps nothing but desired state.
/// </summary>
internal sealed class PipelineCluster : IAsyncDisposable
{
    public const int Partitions = 8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly IClickStore _store = Substitute.For<IClickStore>();
    private readonly IRollupStore _rollups = Substitute.For<IRollupStore>();
    private readonly IDesiredStateStore _desired = Substitute.For<IDesiredStateStore>();
    private readonly ConcurrentDictionary<string, string> _stored = [];

    public PipelineCluster()
    {
        _store.RegisterLogAsync(default!, default).ReturnsForAnyArgs((short)1);
        _store.StartPartitionAsync(default, default, default, default).ReturnsForAnyArgs(new StoredPosition(1, 0, 0));
        _desired.ReadAsync(default).ReturnsForAnyArgs(_ => _stored.ToDictionary());
        _desired.WriteAsync(default!, default!, default)
            .ReturnsForAnyArgs(call => Keep(call.ArgAt<string>(0), call.ArgAt<string>(1)));
        Desired = new DesiredStateService(
            _desired,
            new DesiredState(
                new ProducersState(0, 0), new ConsumersState(0), new AggregationState(TimeSpan.FromHours(1), null, false)));
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => Configure(silo));
        Silos = builder.Build();
    }

    public InProcessTestCluster Silos { get; }

    public QuietLog Log { get; } = new(Partitions, TimeProvider.System);

    public DesiredStateService Desired { get; }

    public ConsumingOptions Consuming { get; } = new();

    /// <summary>What keeps any consumer from being made; null = nothing.</summary>
    public string? Poison { get; set; }

    /// <summary>When a consumer could not be made.</summary>
    public ConcurrentQueue<long> Attempts { get; } = [];

    private IPipelineGrain Pipeline => Silos.Client.GetGrain<IPipelineGrain>(0);

    public Task ConsumeAsync(int consumers) => Desired.ChangeAsync(new ConsumersState(consumers), CancellationToken.None);

    /// <summary>Asks until the pipeline is as expected.</summary>
    public async Task<PipelineReport> WaitForAsync(Func<PipelineReport, bool> expected)
    {
        PipelineReport? report = null;
        await Poll.UntilAsync(
            async () => expected(report = await Pipeline.GetReportAsync()),
            () => $"readers {string.Join(' ', Log.Readers)}; {string.Join(' ', report!.ConsumedPartitions)}; " +
                string.Join("; ", report.Errors),
            Timeout);
        return report!;
    }

    /// <summary>Waits until each partition has one reader, and its consumer is the one that it is dealt to.</summary>
    public Task<PipelineReport> WaitUntilAssignedAsync(int consumers) => WaitForAsync(report =>
        Log.Readers.All(readers => readers == 1)
        && report.Errors.Count == 0
        && report.ConsumedPartitions.Select(partition => partition.Report.Partition)
            .SequenceEqual(Enumerable.Range(0, Partitions))
        && report.ConsumedPartitions.All(partition =>
            partition.Report.State == PartitionState.Running && partition.Report.Partition % consumers == partition.Consumer));

    public async ValueTask DisposeAsync() => await Silos.DisposeAsync();

    private Task Keep(string name, string json)
    {
        _stored[name] = json;
        return Task.CompletedTask;
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.AddEvenPlacement();
        silo.UseInMemoryReminderService();
        silo.Services.AddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<SiloName>();
        silo.Services.AddSingleton<IClickLog>(Log);
        silo.Services.AddSingleton(_store);
        silo.Services.AddSingleton(Desired);
        silo.Services.AddTransient(MakeWorker);
        silo.Services.AddSingleton(new Aggregator(
            _store,
            _rollups,
            new Indexer(
                _rollups,
                Substitute.For<IClickIndex>(),
                new IndexerOptions(),
                StageContexts.System,
                NullLogger<Indexer>.Instance),
            100,
            StageContexts.System));
        silo.Services.AddSingleton(new IndexSweep(
            _rollups,
            Substitute.For<IClickIndex>(),
            new SweepOptions(),
            StageContexts.System,
            NullLogger<IndexSweep>.Instance));
    }

    private ConsumerWorker MakeWorker(IServiceProvider services)
    {
        if (Poison is { } poison)
        {
            Attempts.Enqueue(TimeProvider.System.GetTimestamp());
            throw new InvalidOperationException(poison);
        }

        return new ConsumerWorker(Log, _store, Consuming, StageContexts.System, services.GetRequiredService<ILoggerFactory>());
    }
}
