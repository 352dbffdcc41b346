using System.Diagnostics.CodeAnalysis;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.DeadLetters;

/// <summary>The dead letters, to be listed, retried and discarded.</summary>
public interface IDeadLetterStore
{
    /// <summary>
    /// Those neither retried nor discarded, by log, partition and offset, behind <paramref name="filter"/>'s position.
    /// </summary>
    Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>The dead letter with this id; null if there is none (any more).</summary>
    Task<StoredDeadLetter?> FindAsync(DeadLetterId id, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the click in the dead letter's place, under the very offset it came from, in one transaction. A click that
    /// comes behind the aggregation is folded all the same.
    /// </summary>
    /// <returns>False if the dead letter is not there any more (retried or discarded already); nothing is stored then.</returns>
    /// <exception cref="RejectedByStoreException"/>
    Task<bool> RetryAsync(DeadLetterId id, Click click, CancellationToken cancellationToken);

    /// <summary>Gives the dead letter up: payload and key are removed, the offset stays accounted for.</summary>
    /// <returns>False if the dead letter is not there any more.</returns>
    Task<bool> DiscardAsync(DeadLetterId id, DateTime at, CancellationToken cancellationToken);
}

/// <summary>Where a dead letter came from.</summary>
public sealed record DeadLetterId(short LogId, int Partition, long Offset)
{
    public override string ToString() => $"{LogId}/{Partition}/{Offset}";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DeadLetterId? id)
    {
        var parts = text.Split('/');
        id = parts.Length == 3
            && short.TryParse(parts[0], out var log)
            && int.TryParse(parts[1], out var partition)
            && long.TryParse(parts[2], out var offset)
            ? new DeadLetterId(log, partition, offset)
            : null;
        return id is not null;
    }
}

/// <param name="Reason">Only this reason.</param>
/// <param name="Partition">Only this partition.</param>
/// <param name="After">Only those behind this one: the last of the page before.</param>
/// <param name="Limit">At most so many, 1 to 10,000.</param>
public sealed record DeadLetterFilter(
    DeadLetterReason? Reason = null, int? Partition = null, DeadLetterId? After = null, int Limit = 100);

public sealed record StoredDeadLetter(
    DeadLetterId Id, byte[]? Key, byte[]? Payload, DeadLetterReason Reason, string Error, DateTime At);
