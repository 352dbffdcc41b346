using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.DeadLetters;

/// <summary>What a person does with dead letters: retries and discards, one or many.</summary>
public sealed class DeadLetterService(IDeadLetterStore store, StageContext context)
{
    private const int Page = 500;

    public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        store.ListAsync(filter, cancellationToken);

    /// <summary>Decodes and stores again what the filter names; what is still no click stays where it is.</summary>
    public Task<DeadLetterTally> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        EachAsync(filter, RetryAsync, cancellationToken);

    /// <inheritdoc cref="RetryAsync(DeadLetterFilter, CancellationToken)"/>
    public Task<DeadLetterTally> RetryAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        OneAsync(id, RetryAsync, cancellationToken);

    /// <inheritdoc cref="RetryAsync(DeadLetterFilter, CancellationToken)"/>
    public Task<DeadLetterTally> RetryAsync(IReadOnlyCollection<DeadLetterId> ids, CancellationToken cancellationToken) =>
        ManyAsync(ids, RetryAsync, cancellationToken);

    /// <summary>
    /// What a retry would make of the dead letters, in their order. Nothing is stored; a store may still refuse what is a click.
    /// </summary>
    public static IReadOnlyList<RetryPreview> Preview(IEnumerable<StoredDeadLetter> letters)
    {
        var decoder = new ClickDecoder();
        return [.. letters.Select(letter =>
        {
            var decoded = new ClickColumns();
            return decoder.TryDecode(letter.Payload, letter.Id.Offset, decoded, out var fault)
                ? new RetryPreview(letter.Id, decoded[0], null, null)
                : new RetryPreview(letter.Id, null, fault.Reason, fault.Error);
        })];
    }

    /// <summary>Gives up what the filter names.</summary>
    public Task<DeadLetterTally> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        EachAsync(filter, DiscardAsync, cancellationToken);

    /// <inheritdoc cref="DiscardAsync(DeadLetterFilter, CancellationToken)"/>
    public Task<DeadLetterTally> DiscardAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        OneAsync(id, DiscardAsync, cancellationToken);

    /// <inheritdoc cref="DiscardAsync(DeadLetterFilter, CancellationToken)"/>
    public Task<DeadLetterTally> DiscardAsync(IReadOnlyCollection<DeadLetterId> ids, CancellationToken cancellationToken) =>
        ManyAsync(ids, DiscardAsync, cancellationToken);

    private static async Task<DeadLetterTally> OneStepAsync(
        DeadLetterTally tally,
        StoredDeadLetter letter,
        Func<StoredDeadLetter, CancellationToken, Task<bool?>> act,
        CancellationToken cancellationToken) =>
        await act(letter, cancellationToken) switch
        {
            true => tally with { Done = tally.Done + 1 },
            false => tally with { Unchanged = tally.Unchanged + 1 },
            null => tally with { Gone = tally.Gone + 1 },
        };

    private async Task<DeadLetterTally> OneAsync(
        DeadLetterId id, Func<StoredDeadLetter, CancellationToken, Task<bool?>> act, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } letter
            ? await OneStepAsync(new DeadLetterTally(0, 0, 0), letter, act, cancellationToken)
            : new DeadLetterTally(0, 0, 1);

    private async Task<DeadLetterTally> ManyAsync(
        IReadOnlyCollection<DeadLetterId> ids,
        Func<StoredDeadLetter, CancellationToken, Task<bool?>> act,
        CancellationToken cancellationToken)
    {
        var sum = new DeadLetterTally(0, 0, 0);
        foreach (var id in ids)
        {
            var tally = await OneAsync(id, act, cancellationToken);
            sum = new DeadLetterTally(sum.Done + tally.Done, sum.Unchanged + tally.Unchanged, sum.Gone + tally.Gone);
        }

        return sum;
    }

    private async Task<DeadLetterTally> EachAsync(
        DeadLetterFilter filter, Func<StoredDeadLetter, CancellationToken, Task<bool?>> act, CancellationToken cancellationToken)
    {
        var tally = new DeadLetterTally(0, 0, 0);
        var page = filter with { Limit = Page };
        while (await store.ListAsync(page, cancellationToken) is { Count: > 0 } letters)
        {
            foreach (var letter in letters)
            {
                tally = await OneStepAsync(tally, letter, act, cancellationToken);
            }

            page = page with { After = letters[^1].Id };
        }

        return tally;
    }

    /// <returns>True: stored. False: still no click. Null: it was retried or discarded meanwhile.</returns>
    private async Task<bool?> RetryAsync(StoredDeadLetter letter, CancellationToken cancellationToken)
    {
        var decoded = new ClickColumns();
        if (!new ClickDecoder().TryDecode(letter.Payload, letter.Id.Offset, decoded, out _))
        {
            return false;
        }

        try
        {
            return await store.RetryAsync(letter.Id, decoded[0], cancellationToken) ? true : null;
        }
        catch (RejectedByStoreException)
        {
            return false;
        }
    }

    private async Task<bool?> DiscardAsync(StoredDeadLetter letter, CancellationToken cancellationToken) =>
        await store.DiscardAsync(letter.Id, context.Time.GetUtcNow().UtcDateTime, cancellationToken) ? true : null;
}

/// <param name="Done">Retried and stored, or discarded.</param>
/// <param name="Unchanged">Still not acceptable.</param>
/// <param name="Gone">Not there any more when its turn came.</param>
public sealed record DeadLetterTally(long Done, long Unchanged, long Gone);

/// <summary>What a retry would make of a dead letter: a click, or a reason why it still is none.</summary>
public sealed record RetryPreview(DeadLetterId Id, Click? Click, DeadLetterReason? Reason, string? Error);
