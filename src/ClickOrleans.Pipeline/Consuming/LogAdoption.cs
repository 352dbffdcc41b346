using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// The adopt-log rule, for a partition whose log went back: what the log holds from the divergence on is read, under a number of
/// its own, because its offsets are taken by what was stored before. That stays.
/// </summary>
public sealed class LogAdoption(IClickLog log, IClickStore store, IStoreAudit audit, TimeProvider time)
{
    private readonly DivergedPartitions _diverged = new(log, store, audit, time);

    /// <summary>Adopts a partition. Nothing is changed where the log did not go back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such partition.</exception>
    public async Task<AdoptedLog> AdoptAsync(int partition, CancellationToken cancellationToken)
    {
        var found = await _diverged.FindAsync(partition, cancellationToken);
        var start = found.Start;
        if (found.Verdict is LogVerdict.WholeAgain)
        {
            var resumed = await _diverged.AcceptAsync(start, divergence: null, cancellationToken);
            return new(resumed ? AdoptionOutcome.WholeAgain : AdoptionOutcome.Conflict, start.Next, start.Available, start.Next);
        }

        if (found.Verdict is not LogVerdict.Diverged)
        {
            var outcome = found.Verdict is LogVerdict.Moved ? AdoptionOutcome.Conflict : AdoptionOutcome.NotDiverged;
            return new(outcome, start.Next, start.Available, start.Next);
        }

        var divergence = await _diverged.CompareAsync(start, cancellationToken);
        var adoption = new PartitionAdoption(
            start.RegisteredId,
            partition,
            start.Stored,
            divergence.Offset,
            divergence.LastSame,
            time.GetUtcNow().UtcDateTime);
        var adopted = await store.AdoptLogAsync(adoption, cancellationToken);
        return new(
            adopted ? AdoptionOutcome.Adopted : AdoptionOutcome.Conflict, divergence.Offset, start.Available, start.Next);
    }
}

public enum AdoptionOutcome
{
    /// <summary>The partition is read again from the divergence on, under a number of its own.</summary>
    Adopted,

    /// <summary>The log holds again what was read: a partition that was stopped goes on.</summary>
    WholeAgain,

    /// <summary>The log is not known to have gone back.</summary>
    NotDiverged,

    /// <summary>The partition was changed meanwhile; nothing was adopted.</summary>
    Conflict,
}

/// <param name="From">The divergence: where it is read from.</param>
/// <param name="Available">The offsets that the log holds.</param>
/// <param name="NextOffset">The store's next offset before.</param>
public sealed record AdoptedLog(AdoptionOutcome Outcome, long From, OffsetRange Available, long NextOffset);
