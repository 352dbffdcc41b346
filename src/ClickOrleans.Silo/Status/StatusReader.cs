using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Silo.Status;

/// <summary>
/// Builds the pipeline's status from the reports of the grains, the store's totals and the log's offsets: in
/// <see cref="Budget"/>, whoever is silent.
/// </summary>
public sealed class StatusReader(
    IGrainFactory grains, IClickLog log, IClickStore store, IRollupStore rollups, SiloDirectory silos, TimeProvider time)
    : IDisposable
{
    private const int ShownRejections = 20;

    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);

    /// <summary>How long one answer may take, and all of them together: less than those wait who want the status.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    private readonly UnprocessedAge _age = new(log, time);
    private readonly WaitingTimes _transactions = new(time);
    private readonly LogEnds _ends = new(log, time);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private StoreTotals _totals = new(0, 0, 0, 0, 0, 0);
    private IReadOnlyDictionary<int, PartitionProgress> _progress = new Dictionary<int, PartitionProgress>();
    private LogIdentity? _identity;
    private PipelineReport? _report;
    private LiveStatistics _live = new(0, 0, []);
    private PipelineStatus? _last;
    private long _begun;
    private long _read;

    /// <summary>The status, at most 200 ms old; concurrent callers share one read.</summary>
    public Task<PipelineStatus> ReadAsync(CancellationToken cancellationToken) => ReadAsync(Fresh, cancellationToken);

    /// <summary>The current status.</summary>
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
            report.LastMissed,
            report.LastSweep is { } sweep
                ? new SweepStatus(
                    sweep.Ended, Math.Round(sweep.Took.TotalSeconds, 3), sweep.Compared, sweep.Repaired, sweep.Removed)
                : null);

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
    /// Values of a server that is unavailable are shown as last read, with the reason among the errors. Totals are read first, so
    /// that no total exceeds what the grains report as produced.
    /// </summary>
    private async Task<PipelineStatus> ReadOnceAsync(CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        _begun = time.GetTimestamp();
        _totals = await AskAsync(Dependency.Store, store.GetTotalsAsync, _totals, errors, cancellationToken);
        var storeAnswers = errors.Count == 0;
        var rejections = _totals.IndexRejected == 0 || !storeAnswers
            ? []
            : await AskAsync<IReadOnlyList<RejectedRollup>>(
                Dependency.Store, token => rollups.GetRejectedAsync(ShownRejections, token), [], errors, cancellationToken);
        if (rejections is [var rejected, ..])
        {
            errors.Add(
                $"index: {_totals.IndexRejected:N0} rollups are refused; url '{rejected.Url}' country '{rejected.Country}': "
                + rejected.Error);
        }

        var faults = errors.Count;
        _identity = await AskAsync<LogIdentity?>(
            Dependency.Log, async token => await log.IdentifyAsync(token), _identity, errors, cancellationToken);
        var logAnswers = errors.Count == faults;

        // A store that was silent once is not waited for again: the status is to be there in time.
        if (_identity is { } identity && storeAnswers)
        {
            _progress = await AskAsync(
                Dependency.Store, token => ReadProgressAsync(identity, token), _progress, errors, cancellationToken);
        }

        // The log's ends come last: what is stored by then is below them.
        await ReadEndsAsync(logAnswers, errors, cancellationToken);

        var report = await ReadReportAsync(errors, cancellationToken);
        var consumed = new Dictionary<int, ConsumedPartition>();
        foreach (var partition in report.ConsumedPartitions)
        {
            consumed[partition.Report.Partition] = partition;
        }

        var partitions = _ends.Known
            .Select((end, partition) => Of(partition, end, consumed.GetValueOrDefault(partition))).ToList();
        var ages = await AskAsync(
            Dependency.Log,
            token => AgesOfAsync(partitions, consumed, token),
            new Dictionary<int, TimeSpan>(),
            errors,
            cancellationToken);
        partitions = [.. partitions.Select(partition => partition with
        {
            OldestUnprocessedSeconds = Math.Round(ages.GetValueOrDefault(partition.Partition).TotalSeconds, 3),
        })];
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
                report.ConsumedPartitions.Sum(partition => partition.Report.FenceRefusals),
                LagStale: !_ends.AreFresh,
                Duplicates: _totals.Duplicates),
            partitions.Select(partition => partition.OldestUnprocessedSeconds).DefaultIfEmpty().Max(),
            silos.GetSilos(),
            new LiveStatus(Math.Round(_live.StoredPerSecond, 1), Math.Round(_live.DeadLettersPerSecond, 1)),
            rejections,
            [.. report.Errors, .. errors.Distinct()]);
    }

    private async Task<T> AskAsync<T>(
        Dependency dependency, Func<CancellationToken, Task<T>> ask, T otherwise, List<string> errors,
        CancellationToken cancellationToken)
    {
        try
        {
            var answer = await BoundedCall.RunAsync(ask, NextTimeout(), time, cancellationToken);
            Outages.Found(dependency, isOut: false);
            return answer;
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Outages.Found(dependency, isOut: true);
            errors.Add($"{dependency.ToString().ToLowerInvariant()}: {exception.Message}");
        }

        return otherwise;
    }

    /// <summary>What a grain said last stands for one that is silent.</summary>
    /// <exception cref="Exception">The pipeline's grain has never said anything.</exception>
    private async Task<PipelineReport> ReadReportAsync(List<string> errors, CancellationToken cancellationToken)
    {
        var report = AskGrainAsync(grains.GetGrain<IPipelineGrain>(0).GetReportAsync, cancellationToken);
        var live = AskGrainAsync(grains.GetGrain<ILiveStatisticsGrain>(0).GetAsync, cancellationToken);
        try
        {
            _live = await live;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            errors.Add($"live statistics: {exception.Message}");
        }

        try
        {
            _report = await report;
        }
        catch (Exception exception) when (_report is not null && !cancellationToken.IsCancellationRequested)
        {
            errors.Add($"pipeline: {exception.Message}");
        }

        return _report;
    }

    private async Task<T> AskGrainAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken) =>
        await BoundedCall.RunAsync(_ => ask(), NextTimeout(), time, cancellationToken);

    /// <summary>What comes after the budget is used up has no time, and is taken for silent unless it answers at once.</summary>
    private TimeSpan NextTimeout()
    {
        var left = Budget - time.GetElapsedTime(_begun);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < Timeout ? left : Timeout;
    }

    private PartitionStatus Of(int partition, LogEnd end, ConsumedPartition? consumed)
    {
        var progress = _progress.GetValueOrDefault(partition);
        var next = progress?.NextOffset ?? end.Offsets.Start;

        // Kept in the store: known also where nobody consumes the partition, or not yet.
        var error = progress?.DivergedOffset is { } diverged
            ? DivergedLog.Describe(partition, diverged, next, end.AsOf == default ? next : end.Offsets.End)
            : consumed?.Report.Error;
        var state = progress?.DivergedOffset is not null ? PartitionState.Stopped : consumed?.Report.State;
        return new PartitionStatus(
            partition,
            consumed?.Consumer,
            consumed?.Silo,
            next,
            end.Offsets.End,
            Math.Max(0, end.Offsets.End - next),
            state is { } known ? Name(known) : "paused",
            error,
            0,
            end.AsOf == default ? null : end.AsOf,
            end.IsStale,
            end.HighWatermark,
            end.HighWatermark is { } watermark
                ? Math.Round(_transactions.Add(partition, end.Offsets.End, Math.Max(watermark, end.Offsets.End)).TotalSeconds, 3)
                : 0);
    }

    private async Task<IReadOnlyDictionary<int, TimeSpan>> AgesOfAsync(
        IEnumerable<PartitionStatus> partitions,
        Dictionary<int, ConsumedPartition> consumed,
        CancellationToken cancellationToken) =>
        _identity is null
            ? new Dictionary<int, TimeSpan>()
            : await _age.OfAsync(
                _identity,
                partitions.Select(partition => new PartitionEnd(
                    partition.Partition,
                    partition.NextOffset,
                    partition.EndOffset,
                    consumed.GetValueOrDefault(partition.Partition)?.Report.OldestPending,
                    partition.EndOffsetStale)),
                cancellationToken);

    private async Task<IReadOnlyDictionary<int, PartitionProgress>> ReadProgressAsync(
        LogIdentity identity, CancellationToken cancellationToken)
    {
        var logId = await store.RegisterLogAsync(identity, cancellationToken);
        return (await store.GetProgressAsync(logId, cancellationToken)).ToDictionary(partition => partition.Partition);
    }

    /// <summary>A log that has not answered just now is not asked again: it would only take the time.</summary>
    private async Task ReadEndsAsync(bool logAnswers, List<string> errors, CancellationToken cancellationToken)
    {
        if (!logAnswers)
        {
            _ends.MarkStale();
            return;
        }

        var faults = await _ends.ReadAsync(NextTimeout(), cancellationToken);
        errors.AddRange(faults.Select(fault => $"log: the end offsets of some partitions are not known: {fault}"));
        Outages.Found(Dependency.Log, isOut: faults.Count > 0);
    }
}
