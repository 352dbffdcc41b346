using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

internal static partial class KafkaLogMessages
{
    /// <summary>What librdkafka says: errors (syslog's 0 to 3) heal by themselves, hence warnings; the rest is debug.</summary>
    public static void Librdkafka(this ILogger logger, int syslogLevel, string? facility, string? text)
    {
        var isError = syslogLevel <= (int)SyslogLevel.Error;
        if (isError)
        {
            (logger as ClientLog)?.Remember(text);
        }

        logger.FromClient(isError ? LogLevel.Warning : LogLevel.Debug, facility, text);
    }

    [LoggerMessage(EventId = 4000, Message = "Kafka client: {Facility}: {Text}")]
    private static partial void FromClient(this ILogger logger, LogLevel level, string? facility, string? text);

    [LoggerMessage(4001, LogLevel.Information, "Kafka topic {Topic} created with {Partitions} partitions.")]
    public static partial void TopicMade(this ILogger logger, string topic, int partitions);

    [LoggerMessage(4002, LogLevel.Warning, "The Kafka producer met a fatal error ({Reason}); replacing it.")]
    public static partial void ProducerReplaced(this ILogger logger, string reason);

    [LoggerMessage(4003, LogLevel.Debug, "Offsets of group {Group} were not committed: {Reason}")]
    public static partial void GroupOffsetCommitFailed(this ILogger logger, string group, string reason);

    [LoggerMessage(4004, LogLevel.Information, "{Request} timed out; replacing the Kafka admin client.")]
    public static partial void AdminClientReplaced(this ILogger logger, string request);

    [LoggerMessage(4005, LogLevel.Information, "{Topic}: the consumer client gets no messages; replacing it.")]
    public static partial void ConsumerReplaced(this ILogger logger, string topic);
}
