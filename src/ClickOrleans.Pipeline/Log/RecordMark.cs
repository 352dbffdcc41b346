using System.IO.Hashing;

namespace ClickOrleans.Pipeline.Log;

/// <summary>
/// What identifies a record of a partition: a log that holds another at this offset went back and was filled again.
/// </summary>
/// <param name="LeaderEpoch">
/// The epoch of the partition's leader that appended it (KIP-101); null where the log has no epochs. It never changes.
/// </param>
/// <param name="Hash">XxHash64 of key and value. Stores keep it: it must be the same in every version.</param>
public readonly record struct RecordMark(long Offset, int? LeaderEpoch, long Hash)
{
    public static RecordMark Of(in ReceivedMessage message) =>
        new(message.Offset, message.LeaderEpoch, HashOf(message.HasKey, message.Key, message.HasValue, message.Value));

    /// <summary>A key or value that is absent is not an empty one.</summary>
    internal static long HashOf(bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value)
    {
        var ofKey = hasKey ? (long)XxHash64.HashToUInt64(key) : 0;
        return hasValue ? (long)XxHash64.HashToUInt64(value, ofKey) : ~ofKey;
    }

    /// <summary>Whether both are marks of one record, as far as both say.</summary>
    public bool IsSameAs(RecordMark other) =>
        Offset == other.Offset && Hash == other.Hash &&
        (LeaderEpoch is null || other.LeaderEpoch is null || LeaderEpoch == other.LeaderEpoch);
}
