using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>Why something failed, in librdkafka's words, with what a person can change.</summary>
internal static class KafkaReason
{
    private const string Client = $"{KafkaOptions.Section}:{nameof(KafkaOptions.Client)}";

    /// <param name="lastError">What a client logged last: librdkafka gives up by a timeout, and logs what it waited for.</param>
    public static string Of(Error error, string? lastError)
    {
        var reason = error.Reason;
        if (error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_MsgTimedOut && lastError is not null)
        {
            reason += $" (last error of the client: {lastError})";
        }

        return Setting(error.Code) is { } setting ? $"{reason}. {setting}" : reason;
    }

    private static string? Setting(ErrorCode code) => code switch
    {
        ErrorCode.MsgSizeTooLarge =>
            $"To send it, raise {Client}:message.max.bytes and the topic's max.message.bytes",
        ErrorCode.RecordListTooLarge =>
            $"Lower {Client}:batch.size, or raise the topic's segment.bytes",
        ErrorCode.Local_MsgTimedOut =>
            $"To wait longer, raise {Client}:message.timeout.ms",
        ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend =>
            "Fewer replicas are in sync than the topic's min.insync.replicas",
        ErrorCode.InvalidReplicationFactor =>
            $"{KafkaOptions.Section}:{nameof(KafkaOptions.ReplicationFactor)} must not be larger than the number of brokers",
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            "The topic's ACLs must allow this user to describe, read and write it, and to create it where it is missing",
        _ => null,
    };
}
