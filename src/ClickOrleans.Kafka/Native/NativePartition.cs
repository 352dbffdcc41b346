using System.Runtime.InteropServices;

namespace ClickOrleans.Kafka.Native;

/// <summary><c>rd_kafka_topic_partition_t</c>: a partition and an offset, or the kind of offset that is asked for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativePartition
{
    public byte* Topic;
    public int Partition;
    public long Offset;
    public byte* Metadata;
    public nuint MetadataSize;
    public nint Opaque;
    public int Error;
    public nint Own;
}
