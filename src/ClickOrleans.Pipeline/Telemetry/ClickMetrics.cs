using System.Diagnostics.Metrics;

namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>
/// The instruments of the pipeline's meter. All are recorded once for each batch, run or request, never for each click.
/// </summary>
public static class ClickMetrics
{
    public const string Partition = "partition";
    public const string Reason = "reason";
    public const string Outcome = "outcome";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [1, 10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000],
    };

    public static Counter<long> Produced { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.clicks.produced", "{click}", "Clicks that were appended to the log and acknowledged by it");

    public static Counter<long> Stored { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.clicks.stored", "{click}", "Clicks that were committed to the store");

    public static Counter<long> DeadLetters { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.dead_letters", "{message}", "Messages that were committed to the store as dead letters");

    public static Counter<long> Duplicates { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.clicks.duplicates", "{message}", "Messages that repeat the event id of a click and were not stored as one");

    public static Counter<long> UnusableEventIds { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.clicks.unusable_event_ids", "{click}", "Clicks whose event id was no UUID, stored as clicks without one");

    public static Counter<long> FenceRefusals { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.fence.refusals",
        "{commit}",
        "Commits that were refused because another consumer had stored the same offsets");

    public static Histogram<long> BatchSize { get; } = ClickTelemetry.Meter.CreateHistogram(
        "clickstream.batch.size", "{message}", "Messages in a batch that was committed", tags: null, Sizes);

    public static Histogram<double> BatchDuration { get; } = ClickTelemetry.Meter.CreateHistogram(
        "clickstream.batch.duration",
        "s",
        "From the first message of a batch being read to the batch being committed",
        tags: null,
        Seconds);

    public static Histogram<double> FoldDuration { get; } = ClickTelemetry.Meter.CreateHistogram(
        "clickstream.fold.duration", "s", "One transaction that folds clicks into rollups", tags: null, Seconds);

    public static Counter<long> FoldedClicks { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.fold.clicks", "{click}", "Clicks that were folded into rollups");

    public static Histogram<double> IndexDuration { get; } = ClickTelemetry.Meter.CreateHistogram(
        "clickstream.index.duration", "s", "One batch of documents sent to the index, successful or not", tags: null, Seconds);

    public static Counter<long> IndexedDocuments { get; } = ClickTelemetry.Meter.CreateCounter<long>(
        "clickstream.index.documents", "{document}", "Documents sent to the index, by what became of them");

    public static Histogram<double> ReminderLateness { get; } = ClickTelemetry.Meter.CreateHistogram(
        "clickstream.reminder.lateness",
        "s",
        "How much later than scheduled the aggregation's reminder came",
        tags: null,
        Seconds);

    /// <summary>A tag of low cardinality.</summary>
    internal static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
