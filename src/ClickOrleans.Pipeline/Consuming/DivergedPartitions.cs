using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Finds out for an operator's command whether a partition's log went back, and from where on it is another.</summary>
internal sealed class DivergedPartitions(IClickLog log, IClickStore store, IStoreAudit audit, TimeProvider time)
{
    private const long FirstChunk = 1_000;
    private const long LargestChunk = 32_000;

    /// <summary>Looks at a partition now. A log that went back, which no consumer has found yet, stops the partition.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such partition.</exception>
    public async Task<FoundPartition> FindAsync(int partition, CancellationToken cancellationToken)
    {
        var partitions = await log.GetPartitionCountAsync(cancellationToken);
        if (partition < 0 || partition >= partitions)
        {
            throw new ArgumentOutOfRangeException(
                nameof(partition), partition, $"The log has the partitions 0 to {partitions - 1}.");
        }

        var start = await PartitionStart.FindAsync(log, store, partition, cancellationToken);
        var isStopped = start.Stored.DivergedOffset is not null;
        bool? found = start.IsLogShort ? false : await HoldsLastRecordAsync(start, cancellationToken);
        if (found == true)
        {
            return new(start, isStopped ? LogVerdict.WholeAgain : LogVerdict.Whole);
        }

        if (!isStopped && found == false)
        {
            var from = start.IsLogShort ? start.Available.End : start.Stored.LastRecord!.Value.Offset;
            isStopped = await store.StopPartitionAsync(
                start.LogId, partition, start.Next, from, time.GetUtcNow().UtcDateTime, cancellationToken);
            return new(start, isStopped ? LogVerdict.Diverged : LogVerdict.Moved);
        }

        return new(start, isStopped ? LogVerdict.Diverged : LogVerdict.None);
    }

    /// <summary>Compares what is stored with the log backwards, until a record is the same in both.</summary>
    public async Task<Divergence> CompareAsync(PartitionStart start, CancellationToken cancellationToken)
    {
        await using var snapshot = await audit.OpenSnapshotAsync(cancellationToken);
        var reader = new RangeReader(log, start.Identity, time);
        var read = await snapshot.GetReadRangesAsync(start.RegisteredId, start.Partition, cancellationToken);
        RecordMark? lastStored = null;
        var isCompared = false;
        foreach (var (logId, chunk) in Chunks(read, start.Available))
        {
            var comparison = new RecordComparison(maxNamed: 0);
            comparison.Expect(await snapshot.ReadRecordsAsync(Numbered(logId, start), chunk, cancellationToken));
            RecordMark? lastOfChunk = null;
            await reader.ReadAsync(
                start.Partition,
                chunk,
                message =>
                {
                    lastOfChunk = message.Mark;
                    comparison.Compare(message);
                },
                cancellationToken);
            lastStored ??= lastOfChunk;
            isCompared = true;
            if (comparison.LastSame is { } same)
            {
                return new(same.Offset + 1, same, lastStored, From(read, same.Offset + 1));
            }
        }

        // Where the log holds nothing of what is stored any more, nothing tells more than when the partition was stopped.
        var offset = isCompared ? start.Available.Start : start.Stored.DivergedOffset ?? start.Available.End;
        offset = Math.Clamp(offset, start.Available.Start, start.Available.End);
        return new(offset, null, lastStored, From(read, isCompared ? 0 : start.Stored.DivergedOffset ?? 0));
    }

    /// <summary>Lets a stopped partition go on at its offset.</summary>
    /// <param name="divergence">Null where the log holds again what was read.</param>
    /// <returns>False when it was changed meanwhile.</returns>
    public Task<bool> AcceptAsync(PartitionStart start, Divergence? divergence, CancellationToken cancellationToken)
    {
        var acceptance = new DivergenceAcceptance(
            start.Partition,
            start.Stored,
            divergence?.Diverged ?? [],
            divergence is null ? start.Stored.LastRecord : divergence.LastStored,
            time.GetUtcNow().UtcDateTime);
        return store.AcceptDivergenceAsync(acceptance, cancellationToken);
    }

    /// <summary>What the log can hold of what was read, from its end to its start.</summary>
    private static IEnumerable<(short LogId, OffsetRange Chunk)> Chunks(IReadOnlyList<ReadRange> read, OffsetRange available)
    {
        var size = FirstChunk;
        foreach (var (logId, offsets) in read)
        {
            var lower = Math.Max(offsets.Start, available.Start);
            for (var end = Math.Min(offsets.End, available.End); end > lower; size = Math.Min(LargestChunk, size * 2))
            {
                var chunk = new OffsetRange(Math.Max(lower, end - size), end);
                yield return (logId, chunk);
                end = chunk.Start;
            }
        }
    }

    private static IReadOnlyList<ReadRange> From(IEnumerable<ReadRange> read, long offset) =>
        [.. read.Select(range => range with { Offsets = range.Offsets with { Start = Math.Max(range.Offsets.Start, offset) } })
            .Where(range => !range.Offsets.IsEmpty)];

    /// <summary>As what the snapshot is asked for records.</summary>
    private static AuditedPartition Numbered(short logId, PartitionStart start) =>
        new(logId, start.Identity.Topic, start.Identity.TopicId, start.Partition, 0, 0, 0, 0, 0, 0);

    /// <returns>Null: no verdict.</returns>
    private async Task<bool?> HoldsLastRecordAsync(PartitionStart start, CancellationToken cancellationToken)
    {
        if (start.Stored.LastRecord is not { } last || last.Offset < start.Available.Start)
        {
            return null;
        }

        var reader = new RangeReader(log, start.Identity, time);
        var message = await reader.FindAsync(start.Partition, last.Offset, cancellationToken);
        return message?.Mark.IsSameAs(last);
    }
}

internal enum LogVerdict
{
    /// <summary>Nothing tells: the log does not hold the last record any more, or none is known.</summary>
    None,

    /// <summary>The log holds the last record that was read.</summary>
    Whole,

    /// <summary>It does, and the partition is stopped.</summary>
    WholeAgain,

    /// <summary>The log went back; the partition is stopped.</summary>
    Diverged,

    /// <summary>The partition's offset was changed meanwhile.</summary>
    Moved,
}

internal sealed record FoundPartition(PartitionStart Start, LogVerdict Verdict);

/// <param name="Offset">From here on the log is another.</param>
/// <param name="LastSame">The record before, if it is the same in the log and in the store.</param>
/// <param name="LastStored">The log's last record below the stored offset.</param>
/// <param name="Diverged">What was read from there on.</param>
internal sealed record Divergence(
    long Offset, RecordMark? LastSame, RecordMark? LastStored, IReadOnlyList<ReadRange> Diverged);
