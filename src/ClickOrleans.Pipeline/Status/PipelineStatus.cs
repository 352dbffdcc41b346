using System.Globalization;
using System.Text.Json.Serialization;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Status;

/// <summary>The answer of <c>GET /api/status</c>.</summary>
/// <param name="IndexRejections">The last rollups that the index refused, with its reason; at most twenty.</param>
public sealed record PipelineStatus(
    ProducersStatus Producers,
    ConsumersStatus Consumers,
    AggregationStatus Aggregation,
    TotalsStatus Totals,
    double OldestUnprocessedSeconds,
    IReadOnlyList<SiloStatusRow> Silos,
    LiveStatus Live,
    IReadOnlyList<RejectedRollup> IndexRejections,
    IReadOnlyList<string> Errors)
{
    /// <summary>The same as a status of earlier, when the log's end offsets cannot be asked for now.</summary>
    public PipelineStatus AsOfEarlier() => this with
    {
        Consumers = Consumers with
        {
            Partitions = [.. Consumers.Partitions.Select(partition => partition with { EndOffsetStale = true })],
        },
        Totals = Totals with { LagStale = true },
    };
}

public sealed record ProducersStatus(int Count, double RatePerSecond, long Produced);

public sealed record ConsumersStatus(int Count, IReadOnlyList<PartitionStatus> Partitions);

/// <param name="Consumer">Null while nobody consumes the partition.</param>
/// <param name="OldestUnprocessedSeconds">How old the oldest click is that is not stored; 0 where there is none.</param>
/// <param name="State">starting, running, backing_off, stood_down, stopped, ended, or paused (no consumer).</param>
/// <param name="EndOffsetAsOf">When the log told <paramref name="EndOffset"/>; null where it never did.</param>
/// <param name="EndOffsetStale">
/// Whether the log did not tell the end offset now: it and the lag are as of <paramref name="EndOffsetAsOf"/>.
/// </param>
/// <param name="EndOffset">The last stable offset: up to there messages can be read.</param>
/// <param name="HighWatermark">
/// The offset behind the last message: what lies between waits for a producer's transaction to end. Null where the log has none.
/// </param>
/// <param name="OpenTransactionSeconds">
/// How long the first message behind the last stable offset has waited; 0 where none does.
/// </param>
public sealed record PartitionStatus(
    int Partition, int? Consumer, string? Silo, long NextOffset, long EndOffset, long Lag, string State, string? Error,
    double OldestUnprocessedSeconds, DateTime? EndOffsetAsOf = null, bool EndOffsetStale = false, long? HighWatermark = null,
    double OpenTransactionSeconds = 0)
{
    /// <summary>The messages behind an open transaction; they are not part of the lag.</summary>
    [JsonIgnore]
    public long Unstable => Math.Max(0, (HighWatermark ?? EndOffset) - EndOffset);
}

/// <param name="MissedTicks">
/// Scheduled times since the aggregation's grain began at which nothing ran: late by a period, or a run was still under way.
/// </param>
/// <param name="Sweep">The last comparison of all documents with the rollups; null before the first has ended.</param>
public sealed record AggregationStatus(
    string? Schedule, bool Paused, bool Running, AggregationRunStatus? LastRun, DateTime? NextRun,
    IReadOnlyList<AggregationRunStatus> LastRuns, long MissedTicks, DateTime? LastMissed, SweepStatus? Sweep = null);

/// <param name="LastRound">When it ended.</param>
/// <param name="Compared">Rollups compared with their documents.</param>
/// <param name="Repaired">Documents that were missing or wrong: they were sent again.</param>
/// <param name="Removed">Documents without a rollup: they were deleted.</param>
public sealed record SweepStatus(DateTime LastRound, double TookSeconds, long Compared, long Repaired, long Removed);

/// <param name="LateSeconds">How long after its time a scheduled run began; null for one that was asked for.</param>
public sealed record AggregationRunStatus(
    DateTime Started, double TookSeconds, long Clicks, long Rollups, long Documents, string? Error, double? LateSeconds);

/// <param name="IndexRejected">Rollups that the index refused in their current version.</param>
/// <param name="FenceRefusals">Commits of today's consumers that were refused: another had stored the same offsets.</param>
/// <param name="LagStale">Whether the log did not tell all end offsets now: <paramref name="Lag"/> is not what waits.</param>
/// <param name="Duplicates">Messages that repeat the event id of a click: they are no clicks.</param>
public sealed record TotalsStatus(
    long Stored, long DeadLetters, long Lag, long Folded, long Rollups, long Indexed, long IndexRejected, long FenceRefusals,
    bool LagStale = false, long Duplicates = 0)
{
    /// <summary>The lag as it is shown.</summary>
    [JsonIgnore]
    public string LagText => LagStale ? "unknown" : Lag.ToString("N0", CultureInfo.CurrentCulture);
}

/// <param name="Started">Null where the silo that answers does not know.</param>
public sealed record SiloStatusRow(string Name, string Address, string Status, DateTime? Started = null);

public sealed record LiveStatus(double StoredPerSecond, double DeadLettersPerSecond);
