using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Native;

/// <summary>Reads librdkafka's answers to an admin client's questions.</summary>
internal static unsafe class NativeAnswers
{
    /// <exception cref="KafkaException">The question as a whole failed.</exception>
    public static void ThrowIfFailed(nint answer) =>
        Throw(LibrdkafkaAdmin.EventError(answer), LibrdkafkaAdmin.EventErrorText(answer));

    /// <summary>The state of the only topic that was asked for.</summary>
    public static TopicState Topic(nint answer)
    {
        nuint count;
        var topic = LibrdkafkaAdmin.DescribedTopics(LibrdkafkaAdmin.DescribeTopicsResult(answer), &count)[0];
        var error = LibrdkafkaAdmin.TopicError(topic);
        if (error != 0 && LibrdkafkaAdmin.ErrorCode(error) == (int)ErrorCode.UnknownTopicOrPart)
        {
            return default;
        }

        if (error != 0)
        {
            Throw(LibrdkafkaAdmin.ErrorCode(error), LibrdkafkaAdmin.ErrorText(error));
        }

        return TopicState.Of(Id(LibrdkafkaAdmin.TopicId(topic)), Leaders(topic));
    }

    /// <summary>The offset of each partition that was asked for, or why it is not known.</summary>
    /// <exception cref="KafkaException">None of them is, because no leader has answered.</exception>
    public static IReadOnlyList<ListedOffset> Offsets(nint answer)
    {
        nuint count;
        var offsets = LibrdkafkaAdmin.ListedOffsets(LibrdkafkaAdmin.ListOffsetsResult(answer), &count);
        var listed = new ListedOffset[(int)count];
        for (var at = 0; at < listed.Length; at++)
        {
            var partition = LibrdkafkaAdmin.ListedPartition(offsets[at]);
            listed[at] = ListedOffset.Of(partition->Partition, partition->Offset, (ErrorCode)partition->Error);
        }

        return listed.All(offset => offset.Error == ErrorCode.Local_TimedOut)
            ? throw new KafkaException(ErrorCode.Local_TimedOut)
            : listed;
    }

    /// <summary>Whether the only topic that was to be made was made.</summary>
    public static bool Created(nint answer)
    {
        nuint count;
        var topic = LibrdkafkaAdmin.CreatedTopics(LibrdkafkaAdmin.CreateTopicsResult(answer), &count)[0];
        var error = LibrdkafkaAdmin.TopicResultError(topic);
        if (error == (int)ErrorCode.TopicAlreadyExists)
        {
            return false;
        }

        Throw(error, LibrdkafkaAdmin.TopicResultErrorText(topic));
        return true;
    }

    private static int[] Leaders(nint topic)
    {
        nuint count;
        var partitions = LibrdkafkaAdmin.TopicPartitions(topic, &count);
        var leaders = new int[(int)count];
        for (var at = 0; at < leaders.Length; at++)
        {
            var leader = LibrdkafkaAdmin.PartitionLeader(partitions[at]);
            var partition = LibrdkafkaAdmin.PartitionNumber(partitions[at]);
            if (partition >= 0 && partition < leaders.Length)
            {
                leaders[partition] = leader == 0 ? TopicState.NoLeader : LibrdkafkaAdmin.NodeId(leader);
            }
        }

        return leaders;
    }

    private static void Throw(int error, byte* text)
    {
        if (error != (int)ErrorCode.NoError)
        {
            var code = (ErrorCode)error;
            throw new KafkaException(text is null ? new Error(code) : new Error(code, Marshal.PtrToStringUTF8((nint)text)));
        }
    }

    /// <summary>Kafka's id as the UUID of the same 128 bits, the first being the most significant.</summary>
    private static Guid Id(nint id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, LibrdkafkaAdmin.MostSignificantBits(id));
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], LibrdkafkaAdmin.LeastSignificantBits(id));
        return new(bytes, bigEndian: true);
    }
}
