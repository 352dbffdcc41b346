using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// The accept-loss rule, for a partition that is stopped until a person accepts what is lost. Where the log removed offsets
/// before they were stored (retention), lost is everything from the store's next offset to the log's first, and the partition
/// goes on behind it. Where the log went back and was filled again, the store's offset stays: what the log holds before it, from
/// the divergence on, is not read. The range is kept for <c>verify</c>.
/// </summary>
public sealed class LossAcceptance(IClickLog log, IClickStore store, IStoreAudit audit, TimeProvider time)
{
    private readonly DivergedPartitions _diverged = new(log, store, audit, time);

    /// <summary>Accepts what a partition has lost. Nothing is changed where that is nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such partition.</exception>
    public async Task<AcceptedLoss> AcceptAsync(int partition, CancellationToken cancellationToken)
    {
        var found = await _diverged.FindAsync(partition, cancellationToken);
        return found.Verdict switch
        {
            LogVerdict.Whole => Outcome(LossOutcome.NothingLost, default, found.Start),
            LogVerdict.WholeAgain => await AcceptAsync(LossOutcome.WholeAgain, null, found.Start, cancellationToken),
            LogVerdict.Moved => Outcome(LossOutcome.Conflict, default, found.Start),
            LogVerdict.Diverged when found.Start.IsLogShort => Outcome(LossOutcome.LogShort, default, found.Start),
            LogVerdict.Diverged => await AcceptDivergenceAsync(found.Start, cancellationToken),
            _ => await AcceptRetentionAsync(found.Start, cancellationToken),
        };
    }

    private static AcceptedLoss Outcome(LossOutcome outcome, OffsetRange lost, PartitionStart start) =>
        new(outcome, lost, start.Available, start.Next);

    private async Task<AcceptedLoss> AcceptRetentionAsync(PartitionStart start, CancellationToken cancellationToken)
    {
        var lost = new OffsetRange(start.Next, start.Available.Start);
        if (lost.IsEmpty)
        {
            return Outcome(LossOutcome.NothingLost, lost, start);
        }

        var accepted = await store.AcceptLossAsync(
            start.LogId, start.Partition, lost, time.GetUtcNow().UtcDateTime, cancellationToken);
        return Outcome(accepted ? LossOutcome.Accepted : LossOutcome.Conflict, lost, start);
    }

    private async Task<AcceptedLoss> AcceptDivergenceAsync(PartitionStart start, CancellationToken cancellationToken)
    {
        var divergence = await _diverged.CompareAsync(start, cancellationToken);
        return await AcceptAsync(LossOutcome.DivergenceAccepted, divergence, start, cancellationToken);
    }

    /// <param name="divergence">Null where there is none.</param>
    private async Task<AcceptedLoss> AcceptAsync(
        LossOutcome outcome, Divergence? divergence, PartitionStart start, CancellationToken cancellationToken)
    {
        var accepted = await _diverged.AcceptAsync(start, divergence, cancellationToken);
        var from = divergence is { Diverged: { Count: > 0 } ranges } ? ranges.Min(range => range.Offsets.Start) : start.Next;
        return Outcome(accepted ? outcome : LossOutcome.Conflict, new OffsetRange(from, start.Next), start);
    }
}

public enum LossOutcome
{
    /// <summary>The range is kept and the partition goes on behind it.</summary>
    Accepted,

    /// <summary>The log went back; the range is kept and the partition goes on at its offset.</summary>
    DivergenceAccepted,

    /// <summary>The log holds again what was read: a partition that was stopped goes on.</summary>
    WholeAgain,

    /// <summary>The log still holds the store's next offset.</summary>
    NothingLost,

    /// <summary>The log went back and ends before the store's next offset: the partition can only be adopted.</summary>
    LogShort,

    /// <summary>The partition's offset was changed by a consumer meanwhile; nothing was accepted.</summary>
    Conflict,
}

/// <param name="Lost">The offsets lost, or diverged; empty where there are none.</param>
/// <param name="Available">The offsets that the log holds.</param>
/// <param name="NextOffset">The store's next offset before.</param>
public sealed record AcceptedLoss(LossOutcome Outcome, OffsetRange Lost, OffsetRange Available, long NextOffset);
