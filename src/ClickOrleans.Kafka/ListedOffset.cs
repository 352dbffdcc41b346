using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>A partition's offset, as it was asked for, or why it is not known.</summary>
internal readonly record struct ListedOffset(int Partition, long Offset, ErrorCode Error)
{
    /// <summary>An offset as librdkafka tells it: where a leader has not answered, with neither an error nor an offset.</summary>
    public static ListedOffset Of(int partition, long offset, ErrorCode error) =>
        new(partition, offset, error == ErrorCode.NoError && offset < 0 ? ErrorCode.Local_TimedOut : error);
}
