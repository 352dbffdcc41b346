using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Silo.Status;

/// <summary>Puts the pipeline's status together: what the grains report, what the store has, what the log holds.</summary>
public sealed class StatusReader(
    IGrainFactory grains, IClickLog log, IClickStore store, IRollupStore rollups, SiloDirectory silos, TimeProvider time) : IDisposable
{
    private const int ShownRejections = 20;

    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);

    private readonly UnprocessedAge _age = new(log, time);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private StoreTotals _totals = new(0, 0, 0, 0, 0, 0);
    private IReadOnlyDictionary<int, PartitionProgress> _progress = new Dictionary<int, PartitionProgress>();
    private LogIdentity? _identity;
    private IReadOnlyList<OffsetRange> _ranges = [];
    private PipelineStatus? _last;
    private long _read;

    /// <summary>The status as of a moment ago at most; callers at the same time share one reading.</summary>
    public Task<PipelineStatus> ReadAsync(CancellationToken cancellationToken) => ReadAsync(Fresh, cancellationToken);

    /// <summary>The status as of now.</summary>
    public Task<PipelineStatus> ReadNowAsync(CancellationToken cancellationToken) => ReadAsync(TimeSpan.Zero, cancellationToken);

    public void Dispose() => _reading.Dispose();

    private async Task<PipelineStatus> ReadAsync(TimeSpan fresh, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_read) > fresh)
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

    private static AggregationStatus Of(AggregationReport? report) => report is null
        ? new AggregationStatus(null, false, false, null, null, [], 0, null)
        : new AggregationStatus(
            report.Schedule,
            report.Paused,
            report.Running,
            report.LastRuns.Count > 0 ? Of(report.LastRuns[0]) : null,
            report.NextRun,
            [.. report.LastRuns.Select(Of)],
            report.MissedTicks,
            report.LastMissed);

    internal static AggregationRunStatus Of(FinishedRun run) =>
        new(
        run.Started, Math.Round(run.Took.TotalSeconds, 3), run.Clicks, run.Rollups, run.Documents, run.Error,
        run.Due is { } due ? Math.Round(Math.Max(0, (run.Started - due).TotalSeconds), 3) : null);

    private static string Name(PartitionState state) => state switch
    {
        PartitionState.BackingOff => "backing_off",
        PartitionState.StoodDown => "stood_down",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>
    /// What a server that is out does not tell is shown as it was last, with the reason among the errors. Totals are read first:
    /// what is stored by then has been produced by the time that the grains report.
    /// </summary>
    private async Task<PipelineStatus> ReadOnceAsync(CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        _totals = await AskAsync(Dependency.Store, store.GetTotalsAsync, _totals, errors, cancellationToken);
        var rejections = _totals.IndexRejected == 0
            ? []
            : await AskAsync<IReadOnlyList<RejectedRollup>>(Dependency.Store, token => rollups.GetRejectedAsync(ShownRejections, token), [], errors, cancellationToken);
        _identity = await AskAsync<LogIdentity?>(Dependency.Log, async token => await log.IdentifyAsync(token), _identity, errors, cancellationToken);
        if (_identity is { } identity)
        {
            // The log's ends come last: what is stored by then is below them.
            _progress = await AskAsync(Dependency.Store, token => ReadProgressAsync(identity, token), _progress, errors, cancellationToken);
            _ranges = await AskAsync(Dependency.Log, ReadRangesAsync, _ranges, errors, cancellationToken);
        }

        var report = await grains.GetGrain<IPipelineGrain>(0).GetReportAsync().WaitAsync(cancellationToken);
        var live = await grains.GetGrain<ILiveStatisticsGrain>(0).GetAsync().WaitAsync(cancellationToken);
        var partitions = _ranges.Select((range, partition) =>
            Of(partition, _progress.GetValueOrDefault(partition)?.NextOffset ?? range.Start, range.End, report)).ToList();
        var ages = await AskAsync(
            Dependency.Log,
            token => AgesOfAsync(partitions, report, token),
            new Dictionary<int, TimeSpan>(),
            errors,
            cancellationToken);
        partitions = [.. partitions.Select(partition =>
            partition with { OldestUnprocessedSeconds = Math.Round(ages.GetValueOrDefault(partition.Partition).TotalSeconds, 3) })];
        return new PipelineStatus(
            new ProducersStatus(report.Producers, report.RatePerSecond, report.Produced),
            new ConsumersStatus(report.Consumers, partitions),
            Of(report.Aggregation),
            new TotalsStatus(
                _totals.Stored,
                _totals.DeadLetters,
                partitions.Sum(partition => partition.Lag),
                _totals.Folded,
                _totals.Rollups,
                _totals.Indexed,
                _totals.IndexRejected,
                report.ConsumedPartitions.Sum(partition => partition.Report.FenceRefusals)),
            partitions.Select(partition => partition.OldestUnprocessedSeconds).DefaultIfEmpty().Max(),
            silos.GetSilos(),
            new LiveStatus(Math.Round(live.StoredPerSecond, 1), Math.Round(live.DeadLettersPerSecond, 1)),
            rejections,
            [.. report.Errors, .. errors.Distinct()]);
    }

    private static async Task<T> AskAsync<T>(
        Dependency dependency, Func<CancellationToken, Task<T>> ask, T otherwise, List<string> errors, CancellationToken cancellationToken)
    {
        var what = dependency.ToString().ToLowerInvariant();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            var answer = await ask(timeout.Token).WaitAsync(timeout.Token);
            Outages.Found(dependency, isOut: false);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Outages.Found(dependency, isOut: true);
            errors.Add($"{what}: no answer within {Timeout.TotalSeconds:0} s");
        }
        catch (Exception outage) when (outage is not OperationCanceledException)
        {
            Outages.Found(dependency, isOut: true);
            errors.Add($"{what}: {outage.Message}");
        }

        return otherwise;
    }

    private static PartitionStatus Of(int partition, long next, long end, PipelineReport report)
    {
        var consumed = Consumed(partition, report);
        return new PartitionStatus(
            partition,
            consumed?.Consumer,
            consumed?.Silo,
            next,
            end,
            Math.Max(0, end - next),
            consumed is null ? "paused" : Name(consumed.Report.State),
            consumed?.Report.Error,
            0);
    }

    private static ConsumedPartition? Consumed(int partition, PipelineReport report) =>
        report.ConsumedPartitions.LastOrDefault(consumed => consumed.Report.Partition == partition);

    private async Task<IReadOnlyDictionary<int, TimeSpan>> AgesOfAsync(
        IEnumerable<PartitionStatus> partitions, PipelineReport report, CancellationToken cancellationToken) =>
        _identity is null
            ? new Dictionary<int, TimeSpan>()
            : await _age.OfAsync(
                _identity,
                partitions.Where(partition => partition.Lag > 0)
                    .Select(partition => (partition.Partition, partition.NextOffset, Consumed(partition.Partition, report)?.Report.OldestPending)),
                cancellationToken);

    private async Task<IReadOnlyDictionary<int, PartitionProgress>> ReadProgressAsync(LogIdentity identity, CancellationToken cancellationToken)
    {
        var logId = await store.RegisterLogAsync(identity, cancellationToken);
        return (await store.GetProgressAsync(logId, cancellationToken)).ToDictionary(partition => partition.Partition);
    }

    private async Task<IReadOnlyList<OffsetRange>> ReadRangesAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        Enumerable.Range(0, await log.GetPartitionCountAsync(cancellationToken))
            .Select(partition => log.GetOffsetsAsync(partition, cancellationToken)));
}
