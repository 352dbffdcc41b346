using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Where the consumer of a partition begins.</summary>
/// <param name="Available">The offsets that the log holds.</param>
/// <param name="Next">The store's offset.</param>
internal sealed record PartitionStart(LogIdentity Identity, short LogId, int Partition, OffsetRange Available, long Next)
{
    /// <summary>Looks it up in the log and the store. A partition that is new to the store begins at its earliest.</summary>
    public static async Task<PartitionStart> FindAsync(
        IClickLog log, IClickStore store, int partition, CancellationToken cancellationToken)
    {
        var identity = await log.IdentifyAsync(cancellationToken);
        var logId = await store.RegisterLogAsync(identity, cancellationToken);
        var available = await log.GetOffsetsAsync(partition, cancellationToken);
        var next = await store.StartPartitionAsync(logId, partition, available.Start, cancellationToken);
        return new PartitionStart(identity, logId, partition, available, next);
    }

    public ClickBatch NewBatch() => new() { LogId = LogId, Partition = Partition, ExpectedOffset = Next, NextOffset = Next };
}
