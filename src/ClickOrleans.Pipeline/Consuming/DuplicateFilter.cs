using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Turns the clicks of a batch that repeat an event id into duplicates. Of the last <c>window</c> offsets of a partition,
/// counted from the click that had the id first, no id is stored as a click twice.
/// </summary>
/// <remarks>
/// No index on the id is needed. The ids of the window are in memory (<see cref="RecentIds"/>), read once from the rows below the
/// stored offset. Whoever writes to the partition moves its offset or raises its revision, and the commit compares both with
/// what they were when the partition was opened: if it passes, nobody else wrote since, so the ids in memory were those of the
/// rows. If it does not, or its outcome is unknown, the partition is opened again and the ids are read again. An id in memory is
/// a hash; a hit is confirmed by the row, so two ids with one hash are told apart. The limits: a repeat must come to the same
/// partition (the same key, while the number of partitions stays), within the window; an adopted partition begins without ids.
/// </remarks>
internal sealed class DuplicateFilter(IClickStore store, PartitionStart start, int window)
{
    private readonly List<long> _found = [];
    private RecentIds? _ids;

    /// <summary>Before the batch is committed; batches come in order of offset, each once the one before is stored.</summary>
    public async ValueTask FilterAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Clicks.EventIds.Count == 0 || window == 0)
        {
            return;
        }

        var ids = _ids ??= await ReadAsync(batch.ExpectedOffset, cancellationToken);
        var stored = await FindStoredAsync(batch, ids, cancellationToken);
        batch.Duplicates.AddRange(Resolve(batch, ids, stored));
        if (batch.Duplicates.Count > 0)
        {
            batch.Clicks.RemoveAt(batch.Duplicates.ConvertAll(duplicate => duplicate.Offset));
        }
    }

    private async Task<RecentIds> ReadAsync(long next, CancellationToken cancellationToken)
    {
        var ids = new RecentIds(window);
        await store.ReadEventIdsAsync(
            start.LogId,
            start.Partition,
            new OffsetRange(Math.Max(start.Stored.StartOffset, next - window), next),
            (offset, id) => ids.Add(RecentIds.HashOf(id), offset),
            cancellationToken);
        return ids;
    }

    /// <summary>The ids of the stored clicks that one of the batch may repeat, by offset.</summary>
    private async Task<IReadOnlyDictionary<long, Guid>> FindStoredAsync(
        ClickBatch batch, RecentIds ids, CancellationToken cancellationToken)
    {
        _found.Clear();
        foreach (var id in batch.Clicks.EventIds)
        {
            if (id is { } given)
            {
                ids.Find(RecentIds.HashOf(given), _found);
            }
        }

        return _found.Count == 0
            ? new Dictionary<long, Guid>()
            : await store.FindEventIdsAsync(start.LogId, start.Partition, [.. _found.Distinct()], cancellationToken);
    }

    private List<DuplicateClick> Resolve(ClickBatch batch, RecentIds ids, IReadOnlyDictionary<long, Guid> stored)
    {
        var duplicates = new List<DuplicateClick>();
        var clicks = batch.Clicks;
        for (var row = 0; row < clicks.Count; row++)
        {
            if (clicks.EventIds[row] is not { } id)
            {
                continue;
            }

            var (hash, offset) = (RecentIds.HashOf(id), clicks.Offsets[row]);
            ids.Forget(offset);
            _found.Clear();
            ids.Find(hash, _found);
            if (Original(batch, stored, id) is { } original)
            {
                duplicates.Add(new DuplicateClick(offset, original));
            }
            else
            {
                ids.Add(hash, offset);
            }
        }

        return duplicates;
    }

    /// <summary>Which of the candidates has the id: a click that is stored, or an earlier one of the batch.</summary>
    private long? Original(ClickBatch batch, IReadOnlyDictionary<long, Guid> stored, Guid id)
    {
        foreach (var candidate in _found)
        {
            var known = candidate < batch.ExpectedOffset
                ? stored.TryGetValue(candidate, out var found) ? found : (Guid?)null
                : batch.Clicks.EventIds[batch.Clicks.Offsets.BinarySearch(candidate)];
            if (known == id)
            {
                return candidate;
            }
        }

        return null;
    }
}
