using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Silo.Status;

/// <summary>Puts the pipeline's status together: what the grains report, what the store has, what the log holds.</summary>
public sealed class StatusReader(
    IGrainFactory grains, IClickLog log, IClickStore store, IRollupStore rollups, SiloDirectory silos, TimeProvider time) : IDisposable
{
    private const int ShownRejections = 20;

    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);

    private readonly UnprocessedAge _age = new(log, time);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private PipelineStatus? _last;
    private long _read;

    /// <summary>The status as of now; callers at the same time share one reading.</summary>
    public async Task<PipelineStatus> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_read) > Fresh)
            {
                _last = await ReadOnceAsync(cancellationToken);
                _read = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private static AggregationStatus Of(AggregationReport? report) => report is null
        ? new AggregationStatus(null, false, false, null, null, [])
        : new AggregationStatus(
            report.Schedule,
            report.Paused,
            report.Running,
            report.LastRuns.Count > 0 ? Of(report.LastRuns[0]) : null,
            report.NextRun,
            [.. report.LastRuns.Select(Of)]);

    internal static AggregationRunStatus Of(FinishedRun run) =>
        new(run.Started, Math.Round(run.Took.TotalSeconds, 3), run.Clicks, run.Rollups, run.Documents, run.Error);

    private static string Name(PartitionState state) => state switch
    {
        PartitionState.BackingOff => "backing_off",
        PartitionState.StoodDown => "stood_down",
        _ => state.ToString().ToLowerInvariant(),
    };

    private async Task<PipelineStatus> ReadOnceAsync(CancellationToken cancellationToken)
    {
        var report = await grains.GetGrain<IPipelineGrain>(0).GetReportAsync().WaitAsync(cancellationToken);
        var live = await grains.GetGrain<ILiveStatisticsGrain>(0).GetAsync().WaitAsync(cancellationToken);
        var totals = await store.GetTotalsAsync(cancellationToken);
        var identity = await log.IdentifyAsync(cancellationToken);
        var partitions = await ReadPartitionsAsync(identity, report, cancellationToken);
        var lagging = partitions.Where(partition => partition.Status.Lag > 0)
            .Select(partition => (partition.Status.Partition, partition.Status.NextOffset, partition.OldestInHand)).ToList();
        var age = await Task.Run(() => _age.Of(identity, lagging, cancellationToken), cancellationToken);
        return new PipelineStatus(
            new ProducersStatus(report.Producers, report.RatePerSecond, report.Produced),
            new ConsumersStatus(report.Consumers, [.. partitions.Select(partition => partition.Status)]),
            Of(report.Aggregation),
            new TotalsStatus(
                totals.Stored,
                totals.DeadLetters,
                partitions.Sum(partition => partition.Status.Lag),
                totals.Folded,
                totals.Rollups,
                totals.Indexed,
                totals.IndexRejected),
            Math.Round(age.TotalSeconds, 3),
            silos.GetSilos(),
            new LiveStatus(Math.Round(live.StoredPerSecond, 1), Math.Round(live.DeadLettersPerSecond, 1)),
            totals.IndexRejected == 0 ? [] : await rollups.GetRejectedAsync(ShownRejections, cancellationToken),
            report.Errors);
    }

    private async Task<IReadOnlyList<(PartitionStatus Status, DateTime? OldestInHand)>> ReadPartitionsAsync(
        LogIdentity identity, PipelineReport report, CancellationToken cancellationToken)
    {
        var logId = await store.RegisterLogAsync(identity, cancellationToken);
        var progress = (await store.GetProgressAsync(logId, cancellationToken)).ToDictionary(partition => partition.Partition);
        var consumed = report.ConsumedPartitions.GroupBy(partition => partition.Report.Partition).ToDictionary(group => group.Key, group => group.Last());
        var count = await log.GetPartitionCountAsync(cancellationToken);
        var offsets = await Task.WhenAll(
            Enumerable.Range(0, count).Select(partition => log.GetOffsetsAsync(partition, cancellationToken)));
        return [.. Enumerable.Range(0, count).Select(partition =>
        {
            var consumer = consumed.GetValueOrDefault(partition);
            var next = progress.GetValueOrDefault(partition)?.NextOffset ?? offsets[partition].Start;
            var status = new PartitionStatus(
                partition,
                consumer?.Consumer,
                consumer?.Silo,
                next,
                offsets[partition].End,
                Math.Max(0, offsets[partition].End - next),
                consumer is null ? "paused" : Name(consumer.Report.State),
                consumer?.Report.Error);
            return (status, consumer?.Report.OldestInHand);
        })];
    }
}
