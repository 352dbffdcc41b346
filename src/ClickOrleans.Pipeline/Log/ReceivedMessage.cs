namespace ClickOrleans.Pipeline.Log;

/// <summary>A message as the log hands it out: views on memory that is only valid during the visit.</summary>
public readonly ref struct ReceivedMessage
{
    public required long Offset { get; init; }

    /// <summary>When the message was appended (Kafka's message timestamp), UTC.</summary>
    public required DateTime AppendedAt { get; init; }

    /// <summary>
    /// Whether the message's producer said so (Kafka's CreateTime), and not the log: it may be years wrong, in either direction.
    /// </summary>
    public bool IsProducerTime { get; init; }

    public required ReadOnlySpan<byte> Key { get; init; }
    public required bool HasKey { get; init; }
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>False for a tombstone: a message whose value is null.</summary>
    public required bool HasValue { get; init; }

    /// <summary>The epoch of the leader that appended it; null where the log has no epochs.</summary>
    public int? LeaderEpoch { get; init; }
}
