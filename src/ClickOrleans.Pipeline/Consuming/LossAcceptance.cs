using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// The accept-loss rule: a partition whose next offsets the log removed before they were stored (retention) is stopped until a
/// person accepts the loss. Lost is everything from the store's next offset to the log's first; the partition goes on behind it,
/// and the range is kept for <c>verify</c>.
/// </summary>
public sealed class LossAcceptance(IClickLog log, IClickStore store, TimeProvider time)
{
    /// <summary>Accepts what a partition has lost. Nothing is changed where that is nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such partition.</exception>
    public async Task<AcceptedLoss> AcceptAsync(int partition, CancellationToken cancellationToken)
    {
        var partitions = await log.GetPartitionCountAsync(cancellationToken);
        if (partition < 0 || partition >= partitions)
        {
            throw new ArgumentOutOfRangeException(
                nameof(partition), partition, $"The log has the partitions 0 to {partitions - 1}.");
        }

        var logId = await store.RegisterLogAsync(await log.IdentifyAsync(cancellationToken), cancellationToken);
        var available = await log.GetOffsetsAsync(partition, cancellationToken);
        var progress = await store.GetProgressAsync(logId, cancellationToken);
        var next = progress.FirstOrDefault(row => row.Partition == partition)?.NextOffset ?? available.Start;
        var lost = new OffsetRange(next, available.Start);
        if (lost.IsEmpty)
        {
            return new AcceptedLoss(LossOutcome.NothingLost, lost, available);
        }

        var accepted = await store.AcceptLossAsync(logId, partition, lost, time.GetUtcNow().UtcDateTime, cancellationToken);
        return new AcceptedLoss(accepted ? LossOutcome.Accepted : LossOutcome.Conflict, lost, available);
    }
}

public enum LossOutcome
{
    /// <summary>The range is kept and the partition goes on behind it.</summary>
    Accepted,

    /// <summary>The log still holds the store's next offset.</summary>
    NothingLost,

    /// <summary>The partition's offset was changed by a consumer meanwhile; nothing was accepted.</summary>
    Conflict,
}

/// <param name="Lost">The offsets lost; empty where there are none.</param>
/// <param name="Available">The offsets that the log holds.</param>
public sealed record AcceptedLoss(LossOutcome Outcome, OffsetRange Lost, OffsetRange Available);
