using System.Buffers.Binary;

namespace ClickOrleans.Pipeline.Log;

/// <summary>
/// Deals keys to partitions as Kafka's Java client does, so that a key has the same partition in every log of the same size.
/// </summary>
/// <remarks>
/// <c>toPositive(murmur2(key)) % partitions</c>, from org.apache.kafka.clients.producer.internals.BuiltInPartitioner; the hash is
/// org.apache.kafka.common.utils.Utils.murmur2, librdkafka's <c>murmur2</c> partitioner computes the same.
/// </remarks>
public static class KeyPartitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)(Murmur2(key) & 0x7fffffff) % partitions;

    public static uint Murmur2(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word ^= word >> 24;
            hash = (hash * Multiplier) ^ (word * Multiplier);
        }

        if (data.Length > 0)
        {
            // The rest as a little-endian number of one to three bytes.
            uint rest = data[0];
            rest |= data.Length > 1 ? (uint)data[1] << 8 : 0;
            rest |= data.Length > 2 ? (uint)data[2] << 16 : 0;
            hash = (hash ^ rest) * Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}
