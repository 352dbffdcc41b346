using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

internal sealed class InMemoryDeadLetterStore(InMemoryConnection connection, Func<Click, bool> rejects) : IDeadLetterStore
{
    public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Limit is < 1 or > 10_000)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Limit, "The limit is 1 to 10,000.");
        }

        return connection.ReadAsync<IReadOnlyList<StoredDeadLetter>>(
            "list_dead_letters",
            state =>
            [
                .. state.Partitions
                    .Where(entry => filter.Partition is null || entry.Key.Partition == filter.Partition)
                    .SelectMany(entry => entry.Value.Letters.Values.Where(IsOpen).Select(letter => ToStored(entry.Key, letter)))
                    .Where(letter => filter.Reason is null || letter.Reason == filter.Reason)
                    .SkipWhile(letter => filter.After is { } after && Place(letter.Id).CompareTo(Place(after)) <= 0)
                    .Take(filter.Limit),
            ],
            cancellationToken);
    }

    public Task<StoredDeadLetter?> FindAsync(DeadLetterId id, CancellationToken cancellationToken) => connection.ReadAsync(
        "find_dead_letter",
        state => FindOpen(state, id) is { } letter ? ToStored(KeyOf(id), letter) : null,
        cancellationToken);

    public Task<bool> RetryAsync(DeadLetterId id, Click click, CancellationToken cancellationToken) => connection.WriteAsync(
        "retry_dead_letter",
        state =>
        {
            if (FindOpen(state, id) is null)
            {
                return (state, false);
            }

            var found = state.Find(KeyOf(id));
            if (FindOriginal(found, id.Offset, click) is { } original)
            {
                found = Close(found, clicks: 0);
                found = found.AddDuplicates([new DuplicateClick(id.Offset, original)]) with
                {
                    Letters = found.Letters.Remove(id.Offset),
                    Retried = found.Retried.Add(id.Offset),
                    Consumed = found.Consumed! with
                    {
                        Revision = found.Consumed.Revision + 1,
                        Duplicates = found.Consumed.Duplicates + 1,
                    },
                };
                return (state.With(KeyOf(id), found), true);
            }

            var rows = Close(found, clicks: 1).AddClicks([new StoredClick(id.Offset, click)], rejects);
            rows = rows with
            {
                Letters = rows.Letters.Remove(id.Offset),
                Consumed = rows.Consumed! with { Revision = rows.Consumed.Revision + 1 },
                Retried = rows.Retried.Add(id.Offset),
                RetriedUnfolded = rows.RetriedUnfolded.Add(id.Offset),
            };
            return (state.With(KeyOf(id), rows), true);
        },
        cancellationToken);

    public Task<bool> DiscardAsync(DeadLetterId id, DateTime at, CancellationToken cancellationToken) => connection.WriteAsync(
        "discard_dead_letter",
        state =>
        {
            if (FindOpen(state, id) is not { } letter)
            {
                return (state, false);
            }

            var rows = Close(state.Find(KeyOf(id)), clicks: 0);
            var emptied = letter with { Letter = letter.Letter with { Key = null, Payload = null }, DiscardedAt = at };
            return (state.With(KeyOf(id), rows with { Letters = rows.Letters.SetItem(id.Offset, emptied) }), true);
        },
        cancellationToken);

    /// <summary>A click with the same event id within the window.</summary>
    private static long? FindOriginal(PartitionRows rows, long offset, Click click) => rows.Clicks
        .Where(other => click.EventId is not null && other.Click.EventId == click.EventId)
        .Where(other => Math.Abs(other.Offset - offset) <= new DuplicatesOptions().Window)
        .Select(other => (long?)other.Offset)
        .FirstOrDefault();

    private static bool IsOpen(StoredLetter letter) => letter.DiscardedAt is null;

    private static PartitionKey KeyOf(DeadLetterId id) => new(id.LogId, id.Partition);

    private static (short LogId, int Partition, long Offset) Place(DeadLetterId id) => (id.LogId, id.Partition, id.Offset);

    private static StoredLetter? FindOpen(StoreState state, DeadLetterId id) =>
        state.Find(KeyOf(id)).Letters.GetValueOrDefault(id.Offset) is { } letter && IsOpen(letter) ? letter : null;

    /// <summary>Takes one open dead letter off the partition's counter.</summary>
    private static PartitionRows Close(PartitionRows rows, int clicks) => rows with
    {
        Consumed = rows.Consumed! with
        {
            Stored = rows.Consumed.Stored + clicks,
            OpenDeadLetters = rows.Consumed.OpenDeadLetters - 1,
        },
    };

    private static StoredDeadLetter ToStored(PartitionKey key, StoredLetter stored) => new(
        new DeadLetterId(key.LogId, key.Partition, stored.Letter.Offset),
        stored.Letter.Key,
        stored.Letter.Payload,
        stored.Letter.Reason,
        stored.Letter.Error,
        stored.At);
}
