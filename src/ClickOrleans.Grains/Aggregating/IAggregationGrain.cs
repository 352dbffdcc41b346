using Orleans.Concurrency;

namespace ClickOrleans.Grains.Aggregating;

/// <summary>Runs the aggregation on schedule and on demand, one run at a time; its key is 0.</summary>
[Alias("ClickOrleans.IAggregationGrain")]
public interface IAggregationGrain : IGrainWithIntegerKey
{
    /// <summary>Keeps the reminder in line with the desired schedule.</summary>
    [Alias("Ensure")]
    Task<AggregationReport> EnsureAsync(ScheduleSetting schedule);

    /// <summary>
    /// Runs once, now, or right after the run that is under way; returns when it has finished. Cancelling ends the waiting, not
    /// the run.
    /// </summary>
    [Alias("RunNow")]
    [ResponseTimeout("01:00:00")]
    Task<FinishedRun> RunNowAsync(CancellationToken cancellationToken);
}

/// <summary>The desired schedule, as it travels between grains.</summary>
[GenerateSerializer]
[Alias("ClickOrleans.ScheduleSetting")]
public sealed record ScheduleSetting(
    [property: Id(0)] TimeSpan? Interval, [property: Id(1)] string? Cron, [property: Id(2)] bool Paused);

/// <param name="MissedTicks">
/// Times of the schedule at which nothing ran: the tick came late by a whole period or found a run under way.
/// </param>
/// <param name="LastRuns">The last runs, latest first; at most twenty.</param>
/// <param name="Healing">
/// What is being healed after the store or the index went back to an earlier time, or what an operator must decide;
/// null: nothing.
/// </param>
/// <param name="LastSweep">The last comparison of all documents with the rollups; null before the first has ended.</param>
[GenerateSerializer]
[Alias("ClickOrleans.AggregationReport")]
public sealed record AggregationReport(
    [property: Id(0)] string Schedule,
    [property: Id(1)] bool Paused,
    [property: Id(2)] bool Running,
    [property: Id(3)] DateTime? NextRun,
    [property: Id(4)] IReadOnlyList<FinishedRun> LastRuns,
    [property: Id(5)] long MissedTicks,
    [property: Id(6)] DateTime? LastMissed,
    [property: Id(7)] string? Healing = null,
    [property: Id(8)] FinishedSweep? LastSweep = null);

/// <inheritdoc cref="Pipeline.Indexing.SweepRound"/>
[GenerateSerializer]
[Alias("ClickOrleans.FinishedSweep")]
public sealed record FinishedSweep(
    [property: Id(0)] DateTime Ended,
    [property: Id(1)] TimeSpan Took,
    [property: Id(2)] long Compared,
    [property: Id(3)] long Repaired,
    [property: Id(4)] long Removed);

/// <param name="Due">When the schedule wanted it; null where it was asked for.</param>
[GenerateSerializer]
[Alias("ClickOrleans.FinishedRun")]
public sealed record FinishedRun(
    [property: Id(0)] DateTime Started,
    [property: Id(1)] TimeSpan Took,
    [property: Id(2)] long Clicks,
    [property: Id(3)] long Rollups,
    [property: Id(4)] long Documents,
    [property: Id(5)] string? Error,
    [property: Id(6)] DateTime? Due = null);
