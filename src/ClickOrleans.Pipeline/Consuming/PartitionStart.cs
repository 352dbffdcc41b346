using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Where the consumer of a partition begins.</summary>
/// <param name="RegisteredId">The number of the log; the partition's own is <see cref="LogId"/>.</param>
/// <param name="Available">The offsets that the log holds.</param>
internal sealed record PartitionStart(
    LogIdentity Identity, short RegisteredId, int Partition, OffsetRange Available, StoredPosition Stored)
{
    public short LogId => Stored.LogId;

    /// <summary>The store's offset.</summary>
    public long Next => Stored.NextOffset;

    /// <summary>The log ends before the store's offset.</summary>
    public bool IsLogShort => Next > Available.End;

    /// <summary>Looks it up in the log and the store. A partition that is new to the store begins at its earliest.</summary>
    public static async Task<PartitionStart> FindAsync(
        IClickLog log, IClickStore store, int partition, CancellationToken cancellationToken)
    {
        var identity = await log.IdentifyAsync(cancellationToken);
        var logId = await store.RegisterLogAsync(identity, cancellationToken);
        var available = await log.GetOffsetsAsync(partition, cancellationToken);
        var stored = await store.StartPartitionAsync(logId, partition, available.Start, cancellationToken);
        return new PartitionStart(identity, logId, partition, available, stored);
    }

    /// <param name="key">The store's, for visitors.</param>
    public ClickBatch NewBatch(VisitorKey key)
    {
        var batch = new ClickBatch
        {
            LogId = LogId,
            Partition = Partition,
            ExpectedOffset = Next,
            NextOffset = Next,
            ExpectedRevision = Stored.Revision,
        };
        batch.Clicks.Key = key;
        return batch;
    }
}
