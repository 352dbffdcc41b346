using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Grains;

internal static partial class GrainLogMessages
{
    [LoggerMessage(300, LogLevel.Debug, "Consumer {Consumer}: stopped ({Reason})")]
    public static partial void ConsumerStopped(this ILogger logger, int consumer, DeactivationReasonCode reason);

    [LoggerMessage(301, LogLevel.Warning, "Consumer {Consumer}: lease expired after {Seconds} s; stopping")]
    public static partial void ConsumerLeaseExpired(this ILogger logger, int consumer, double seconds);

    [LoggerMessage(302, LogLevel.Warning, "Consumer {Consumer}: commits not published to the live statistics: {Reason}")]
    public static partial void StatisticsUnpublished(this ILogger logger, int consumer, string reason);

    [LoggerMessage(320, LogLevel.Warning, "Producer {Producer}: lease expired after {Seconds} s; stopping")]
    public static partial void ProducerLeaseExpired(this ILogger logger, int producer, double seconds);

    [LoggerMessage(
        340,
        LogLevel.Debug,
        "Aggregation: {Clicks} clicks folded into {Rollups} rollups, {Documents} documents indexed in {Ms:0} ms")]
    public static partial void AggregationRan(this ILogger logger, long clicks, long rollups, long documents, double ms);

    [LoggerMessage(
        341, LogLevel.Warning, "Aggregation failed: {Error} ({Clicks} folded, {Documents} indexed); the next run retries")]
    public static partial void AggregationFailed(this ILogger logger, string error, long clicks, long documents);

    [LoggerMessage(342, LogLevel.Information, "Aggregation scheduled: {Schedule}, next run at {Next:O}")]
    public static partial void AggregationScheduled(this ILogger logger, AggregationSchedule schedule, DateTime next);

    [LoggerMessage(343, LogLevel.Information, "Aggregation paused")]
    public static partial void AggregationPaused(this ILogger logger);

    [LoggerMessage(
        344,
        LogLevel.Warning,
        "Aggregation: the next run was scheduled for {Scheduled:O}, the clock says {Now:O}; scheduling it again")]
    public static partial void ScheduledAgain(this ILogger logger, DateTime scheduled, DateTime now);

    [LoggerMessage(345, LogLevel.Warning, "Aggregation: the next run cannot be scheduled, which is tried again: {Error}")]
    public static partial void NotScheduled(this ILogger logger, string error);

    [LoggerMessage(360, LogLevel.Warning, "The pipeline differs from its desired state: {Errors}")]
    public static partial void NotAsDesired(this ILogger logger, string errors);

    [LoggerMessage(361, LogLevel.Information, "The pipeline is in its desired state again")]
    public static partial void AsDesired(this ILogger logger);

    [LoggerMessage(380, LogLevel.Warning, "Pipeline grain unavailable: {Reason}")]
    public static partial void PipelineUnanswered(this ILogger logger, string reason);
}
