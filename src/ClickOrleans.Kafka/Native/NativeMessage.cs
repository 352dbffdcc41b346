using System.Runtime.InteropServices;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Kafka.Native;

/// <summary><c>rd_kafka_message_t</c> of rdkafka.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    public int Error;
    public nint Topic;
    public int Partition;

    /// <summary>The value; null for a tombstone. Where <see cref="Error"/> is set: what went wrong, as text.</summary>
    public byte* Payload;

    public nuint PayloadLength;
    public byte* Key;
    public nuint KeyLength;
    public long Offset;
    private readonly nint _private;

    public readonly ReadOnlySpan<byte> PayloadBytes => new(Payload, checked((int)PayloadLength));

    public readonly ReadOnlySpan<byte> KeyBytes => new(Key, checked((int)KeyLength));

    /// <summary>Views on a message, valid until it is destroyed.</summary>
    public static ReceivedMessage View(NativeMessage* message)
    {
        int timestampType;
        var timestamp = Librdkafka.Timestamp(message, &timestampType);
        var leaderEpoch = Librdkafka.LeaderEpoch(message);
        return new ReceivedMessage
        {
            Offset = message->Offset,
            AppendedAt = MessageTime.ToUtc(timestamp),
            IsProducerTime = timestampType != Librdkafka.LogAppendTime,
            HasKey = message->Key is not null,
            Key = message->KeyBytes,
            HasValue = message->Payload is not null,
            Value = message->PayloadBytes,
            LeaderEpoch = leaderEpoch < 0 ? null : leaderEpoch,
        };
    }
}
