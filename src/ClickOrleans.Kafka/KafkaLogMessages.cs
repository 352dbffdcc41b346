using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

internal static partial class KafkaLogMessages
{
    /// <summary>What librdkafka says: its errors (syslog's levels 0 to 3) heal by themselves, hence warnings; the rest is for debugging.</summary>
    public static void Librdkafka(this ILogger logger, int syslogLevel, string? facility, string? text) =>
        logger.FromClient(syslogLevel <= (int)SyslogLevel.Error ? LogLevel.Warning : LogLevel.Debug, facility, text);

    [LoggerMessage(EventId = 4000, Message = "Kafka client: {Facility}: {Text}")]
    private static partial void FromClient(this ILogger logger, LogLevel level, string? facility, string? text);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Kafka topic {Topic} made with {Partitions} partitions.")]
    public static partial void TopicMade(this ILogger logger, string topic, int partitions);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "The Kafka producer gave up ({Reason}); another takes its place.")]
    public static partial void ProducerReplaced(this ILogger logger, string reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Debug, Message = "Offsets of group {Group} were not committed: {Reason}")]
    public static partial void GroupOffsetCommitFailed(this ILogger logger, string group, string reason);
}
