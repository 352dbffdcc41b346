using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Everything that the live pages show, as of one second; the same object for every browser.</summary>
/// <param name="At">When it was put together.</param>
/// <param name="Status">The last status that could be read; null before the first.</param>
/// <param name="Balance">Null until it is read the first time.</param>
public sealed record DashboardSnapshot(
    DateTime At,
    PipelineStatus? Status,
    Health Health,
    Rates Rates,
    Bottleneck Bottleneck,
    StoreBalance? Balance,
    IReadOnlyList<long> StoredBySecond,
    IReadOnlyList<Sample> Samples);

/// <summary>The few numbers of a second that charts are drawn from.</summary>
/// <param name="Appended">Messages in the log since its beginning.</param>
public sealed record Sample(DateTime At, long Appended, long Produced, long Stored, long Folded, long Lag, double AgeSeconds, IReadOnlyList<long> NextOffsets)
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
