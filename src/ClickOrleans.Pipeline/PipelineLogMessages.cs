using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline;

/// <summary>What the stages log: consumers 100 to 199, producers 1100 to 1199, the indexer 1300 to 1399.</summary>
internal static partial class PipelineLogMessages
{
    [LoggerMessage(100, LogLevel.Information, "Partition {Partition} of {Topic}: reading from offset {Offset}")]
    public static partial void Reading(this ILogger logger, int partition, string topic, long offset);

    [LoggerMessage(
        101, LogLevel.Warning, "Partition {Partition} of {Topic}: log or store unavailable; retrying in {Seconds:0.0} s")]
    public static partial void Unavailable(this ILogger logger, Exception exception, int partition, string topic, double seconds);

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "Partition {Partition} of {Topic}: commit at offset {Offset} fenced: another consumer owns the partition; " +
        "standing down for {Seconds} s")]
    public static partial void CommitFenced(this ILogger logger, int partition, string topic, long? offset, double seconds);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "Partition {Partition} of {Topic}: log replaced; reading the new one in {Seconds:0.0} s. {Reason}")]
    public static partial void LogReplaced(this ILogger logger, int partition, string topic, double seconds, string reason);

    [LoggerMessage(104, LogLevel.Error, "Partition {Partition} of {Topic} stopped: {Error}")]
    public static partial void PartitionStopped(this ILogger logger, int partition, string topic, string error);

    [LoggerMessage(
        1100, LogLevel.Warning, "Append of {Clicks} fake clicks to {Topic} failed; retrying until the log is available")]
    public static partial void AppendFailed(this ILogger logger, Exception exception, int clicks, string topic);

    [LoggerMessage(1101, LogLevel.Information, "Appending fake clicks to {Topic} again")]
    public static partial void AppendRecovered(this ILogger logger, string topic);

    [LoggerMessage(1301, LogLevel.Information, "{Index} is another index than before ({Identity}): indexing all rollups")]
    public static partial void IndexReplaced(this ILogger logger, string index, string identity);

    [LoggerMessage(1302, LogLevel.Error, "{Index} cannot be used: {Problem}")]
    public static partial void IndexUnusable(this ILogger logger, string index, string problem);

    [LoggerMessage(1303, LogLevel.Warning, "{Index}: indexing stopped until the next run: {Problem}")]
    public static partial void IndexingStopped(this ILogger logger, string index, string problem);

    [LoggerMessage(1304, LogLevel.Debug, "{Index} unavailable: {Problem}; retrying with {BatchSize} documents")]
    public static partial void IndexUnavailable(this ILogger logger, string index, string problem, int batchSize);

    [LoggerMessage(1305, LogLevel.Warning, "{Index} rejected {Rejected} documents, the first because: {Reason}")]
    public static partial void DocumentsRejected(this ILogger logger, string index, int rejected, string reason);

    [LoggerMessage(
        1306, LogLevel.Debug, "{Index} pushed back {Pushed} of {Sent} documents: {Reason}; retrying with {BatchSize} documents")]
    public static partial void DocumentsPushedBack(
        this ILogger logger, string index, int pushed, int sent, string? reason, int batchSize);

    [LoggerMessage(
        1307,
        LogLevel.Warning,
        "Store went back: {Index} is from a time that the store does not know (sequence {Sequence}); indexing all rollups " +
        "again, with versions above those of its documents")]
    public static partial void StoreWentBack(this ILogger logger, string index, long sequence);

    [LoggerMessage(
        1308,
        LogLevel.Warning,
        "Index went back: {Index} is from an earlier time (sequence {Sequence}); indexing all rollups again")]
    public static partial void IndexWentBack(this ILogger logger, string index, long sequence);

    [LoggerMessage(1309, LogLevel.Information, "{Index} has every rollup again")]
    public static partial void Healed(this ILogger logger, string index);

    [LoggerMessage(
        1310,
        LogLevel.Information,
        "{Index} has {Documents} other documents in the way, with versions that high: sending theirs in higher ones")]
    public static partial void DocumentsDiffer(this ILogger logger, string index, int documents);

    [LoggerMessage(
        1311, LogLevel.Warning, "{Index} has {Documents} documents with versions above all that can be given: deleting them")]
    public static partial void DocumentsUnusable(this ILogger logger, string index, int documents);

    [LoggerMessage(1320, LogLevel.Debug, "Sweep of {Index} interrupted: {Problem}")]
    public static partial void SweepInterrupted(this ILogger logger, string index, string problem);

    [LoggerMessage(
        1321,
        LogLevel.Warning,
        "Sweep of {Index}: {Repaired} documents were missing or wrong and are sent again, {Removed} without a rollup are " +
        "deleted; {Compared} compared")]
    public static partial void SweepFound(this ILogger logger, string index, long repaired, long removed, long compared);

    [LoggerMessage(
        1322,
        LogLevel.Warning,
        "Sweep of {Index}: of {Documents} documents, with {Rollups} rollups in the store, those without a rollup may be " +
        "another store's and are kept until `index rebuild`")]
    public static partial void StraysKept(this ILogger logger, string index, long documents, long rollups);
}
