using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Immutable data behind the live pages, shared by all browsers.</summary>
/// <param name="At">When the snapshot was built.</param>
/// <param name="Status">The last status read; null before the first.</param>
/// <param name="Balance">Null until the store has been queried for the first time.</param>
public sealed record DashboardSnapshot(
    DateTime At,
    PipelineStatus? Status,
    Health Health,
    Rates Rates,
    Bottleneck Bottleneck,
    StoreBalance? Balance,
    IReadOnlyList<long> StoredBySecond,
    IReadOnlyList<Sample> Samples)
{
    /// <summary>Before the first status.</summary>
    public static DashboardSnapshot Initial { get; } = new(
        default, null, new Health(false, ["starting"]), Rates.None, Bottleneck.Of(null, []), null, [], []);
}

/// <summary>The counters of one second that rates and charts are computed from.</summary>
/// <param name="Appended">Sum of the partitions' end offsets.</param>
public sealed record Sample(
    DateTime At,
    long Appended,
    long Produced,
    long Stored,
    long Folded,
    long Lag,
    double AgeSeconds,
    IReadOnlyList<long> NextOffsets)
{
    public static Sample Of(DateTime at, PipelineStatus status) => new(
        at,
        status.Consumers.Partitions.Sum(partition => partition.EndOffset),
        status.Producers.Produced,
        status.Totals.Stored,
        status.Totals.Folded,
        status.Totals.Lag,
        status.OldestUnprocessedSeconds,
        [.. status.Consumers.Partitions.Select(partition => partition.NextOffset)]);
}
