using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Commits a batch. Rows that the store refuses as data are found by splitting the batch in halves, each a transaction of its
/// own in order of offset, until they stand alone: about 2 log2(n) commits for one bad row among n. A refused click becomes a
/// dead letter, and a refused dead letter a plainer one.
/// </summary>
/// <param name="fetch">Reads a message again, so that a dead letter keeps it as it was.</param>
internal sealed class BatchCommitter(IClickStore store, Func<long, CancellationToken, Task<RawMessage?>> fetch)
{
    /// <returns>False when another consumer owns the partition; an earlier part of the batch may have been stored.</returns>
    public async Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreAsync(batch, cancellationToken);
        }
        catch (RejectedByStoreException rejection) when (!batch.IsEmpty)
        {
            return await SplitAsync(batch, rejection, cancellationToken);
        }
    }

    /// <summary>One transaction; what it stored is counted.</summary>
    private async Task<bool> StoreAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        if (!await store.CommitAsync(batch, cancellationToken))
        {
            return false;
        }

        var partition = ClickMetrics.Tag(ClickMetrics.Partition, batch.Partition);
        if (batch.Clicks.Count > 0)
        {
            ClickMetrics.Stored.Add(batch.Clicks.Count, partition);
        }

        if (batch.Duplicates.Count > 0)
        {
            ClickMetrics.Duplicates.Add(batch.Duplicates.Count, partition);
        }

        if (batch.Clicks.UnusableEventIds > 0)
        {
            ClickMetrics.UnusableEventIds.Add(batch.Clicks.UnusableEventIds, partition);
        }

        foreach (var letters in batch.DeadLetters.CountBy(letter => letter.Reason))
        {
            ClickMetrics.DeadLetters.Add(letters.Value, partition, ClickMetrics.Tag(ClickMetrics.Reason, letters.Key.Name()));
        }

        return true;
    }

    /// <summary>Commits a batch that is known to be refused as a whole.</summary>
    private async Task<bool> SplitAsync(ClickBatch batch, RejectedByStoreException rejection, CancellationToken cancellationToken)
    {
        if (batch.Clicks.Count + batch.DeadLetters.Count + batch.Duplicates.Count == 1)
        {
            return await StoreAloneAsync(batch, rejection, cancellationToken);
        }

        var middle = Middle(batch);
        var left = batch.Slice(new OffsetRange(batch.ExpectedOffset, middle));
        var right = batch.Slice(new OffsetRange(middle, batch.NextOffset));
        try
        {
            if (!await StoreAsync(left, cancellationToken))
            {
                return false;
            }
        }
        catch (RejectedByStoreException inLeft)
        {
            return await SplitAsync(left, inLeft, cancellationToken) && await CommitAsync(right, cancellationToken);
        }

        // The left half was fine, so what was refused is in the right one: no need to try that as a whole.
        return await SplitAsync(right, rejection, cancellationToken);
    }

    /// <summary>The offset of the row in the middle, so that either half has one.</summary>
    private static long Middle(ClickBatch batch)
    {
        List<long> offsets =
        [
            .. batch.Clicks.Offsets,
            .. batch.DeadLetters.Select(letter => letter.Offset),
            .. batch.Duplicates.Select(duplicate => duplicate.Offset),
        ];
        offsets.Sort();
        return offsets[offsets.Count / 2];
    }

    /// <summary>Stores the only row of a batch, which was refused, as the first dead letter that the store takes.</summary>
    /// <exception cref="RejectedByStoreException">It takes none at all, which is no fault of the row.</exception>
    private async Task<bool> StoreAloneAsync(
        ClickBatch batch, RejectedByStoreException rejection, CancellationToken cancellationToken)
    {
        if (batch.Duplicates.Count > 0)
        {
            // Two numbers: no data of the message is in it.
            throw rejection;
        }

        IEnumerable<DeadLetter> attempts = batch.Clicks.Count == 0
            ? RefusedLetter.Plainer(batch.DeadLetters[0], rejection)
            : RefusedLetter.WithPlainer(await RefusedClickAsync(batch, rejection, cancellationToken), rejection);
        foreach (var letter in attempts)
        {
            try
            {
                return await StoreAsync(Only(letter, batch), cancellationToken);
            }
            catch (RejectedByStoreException exception)
            {
                rejection = exception;
            }
        }

        throw rejection;
    }

    private async Task<DeadLetter> RefusedClickAsync(
        ClickBatch batch, RejectedByStoreException rejection, CancellationToken cancellationToken)
    {
        var offset = batch.Clicks.Offsets[0];
        var message = await fetch(offset, cancellationToken);
        return new DeadLetter(
            offset,
            message?.Key,
            message is null ? ClickEncoder.Encode(batch.Clicks[0]) : message.Value,
            DeadLetterReason.RejectedByStore,
            StorableText.Of(rejection.Message));
    }

    private static ClickBatch Only(DeadLetter letter, ClickBatch batch)
    {
        var only = new ClickBatch
        {
            LogId = batch.LogId,
            Partition = batch.Partition,
            ExpectedOffset = batch.ExpectedOffset,
            NextOffset = batch.NextOffset,
            ExpectedRevision = batch.ExpectedRevision,
            Traceparent = batch.Traceparent,
            LastRecord = batch.LastRecord,
        };
        only.DeadLetters.Add(letter);
        return only;
    }
}
