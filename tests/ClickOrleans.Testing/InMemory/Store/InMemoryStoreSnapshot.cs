using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>The state as it was when the snapshot was opened.</summary>
internal sealed class InMemoryStoreSnapshot(StoreState state, InMemoryConnection connection) : IStoreSnapshot
{
    public Task<IReadOnlyList<AuditedPartition>> GetPartitionsAsync(CancellationToken cancellationToken) => ReadAsync(
        "audit_partitions",
        () => state.Partitions.Where(entry => HasRows(entry.Value)).Select(entry => ToAudited(entry.Key, entry.Value)),
        cancellationToken);

    public Task<IReadOnlyList<OffsetRange>> FindGapsAsync(
        AuditedPartition partition, int limit, CancellationToken cancellationToken) =>
        ReadAsync("audit_gaps", () => Gaps(RowsOf(partition), RangeOf(partition)).Take(limit), cancellationToken);

    public Task<IReadOnlyList<long>> FindStrayOffsetsAsync(
        AuditedPartition partition, int limit, CancellationToken cancellationToken)
    {
        var (rows, range) = (RowsOf(partition), RangeOf(partition));
        return ReadAsync(
            "audit_strays",
            () => rows.Clicks.Select(click => click.Offset)
                .Concat(rows.Letters.Keys)
                .Concat(rows.Duplicates.Keys)
                .Where(offset => offset < range.Start || offset >= range.End)
                .Concat(rows.Letters.Keys.Where(offset => rows.FindClick(offset) is not null))
                .Concat(rows.Duplicates.Keys.Where(
                    offset => rows.FindClick(offset) is not null || rows.Letters.ContainsKey(offset)))
                .Distinct().Order().Take(limit),
            cancellationToken);
    }

    public Task<IReadOnlyList<ReadRange>> GetReadRangesAsync(short logId, int partition, CancellationToken cancellationToken) =>
        ReadAsync("audit_read_ranges", () => ReadRanges(logId, partition), cancellationToken);

    public Task<IReadOnlyList<DivergedRange>> GetDivergedRangesAsync(
        AuditedPartition partition, CancellationToken cancellationToken) => ReadAsync(
        "audit_diverged",
        () => RowsOf(partition).Diverged.OrderBy(diverged => (diverged.Offsets.Start, diverged.Offsets.End)),
        cancellationToken);

    public Task<IReadOnlyList<StoredDigest>> GetDigestsAsync(AuditedPartition partition, CancellationToken cancellationToken) =>
        ReadAsync("audit_digests", () => RowsOf(partition).Digests.OrderBy(digest => digest.Offsets.Start), cancellationToken);

    public Task<IReadOnlyList<AuditedRecord>> ReadRecordsAsync(
        AuditedPartition partition, OffsetRange offsets, CancellationToken cancellationToken)
    {
        var rows = RowsOf(partition);
        return ReadAsync(
            "audit_records",
            () => rows.ClicksIn(offsets)
                .Select(click => new AuditedRecord(
                    click.Offset, click.Click, null, false, false, rows.Retried.Contains(click.Offset)))
                .Concat(rows.Letters.Values
                    .Where(letter => letter.Letter.Offset >= offsets.Start && letter.Letter.Offset < offsets.End)
                    .Select(letter => new AuditedRecord(
                        letter.Letter.Offset, null, letter.Letter.Payload, true, letter.DiscardedAt is not null, false)))
                .Concat(rows.Duplicates
                    .Where(duplicate => offsets.Contains(duplicate.Key))
                    .Select(duplicate => new AuditedRecord(
                        duplicate.Key, null, null, false, false, rows.Retried.Contains(duplicate.Key),
                        new AuditedDuplicate(duplicate.Value, rows.FindClick(duplicate.Value)?.Click.EventId))))
                .OrderBy(record => record.Offset),
            cancellationToken);
    }

    public async Task<FoldedSums> GetFoldedSumsAsync(CancellationToken cancellationToken)
    {
        var sums = await ReadAsync(
            "audit_sums",
            () => new[]
            {
                new FoldedSums(
                    state.Rollups.Values.Sum(row => row.Rollup.Clicks),
                    state.Partitions.Values.Sum(rows => rows.Clicks.LongCount(rows.IsFolded)),
                    state.Rollups.Values.Sum(row => row.Rollup.UniqueUsers),
                    state.Visitors.Values.Sum(users => users.Count),
                    state.Rollups.Count),
            },
            cancellationToken);
        return sums[0];
    }

    public Task<IReadOnlyList<RollupDifference>> RecountAsync(
        int? pages, double phase, int limit, CancellationToken cancellationToken) =>
        ReadAsync("audit_recount", () => new RollupRecount(state, pages, phase).Differences().Take(limit), cancellationToken);

    public Task<IReadOnlyList<VisitorDifference>> RecountVisitorsAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync("recount_visitors", () => SeriesRecount.Visitors(state).Take(limit), cancellationToken);

    public Task<IReadOnlyList<SeriesDifference>> RecountSeriesAsync(
        int? pages, int limit, CancellationToken cancellationToken) =>
        ReadAsync("recount_series", () => new SeriesRecount(state, pages).Differences().Take(limit), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static OffsetRange RangeOf(AuditedPartition partition) => new(partition.StartOffset, partition.NextOffset);

    private static bool HasRows(PartitionRows rows) =>
        rows.Consumed is not null || rows.Aggregated is not null || !rows.Clicks.IsEmpty || !rows.Letters.IsEmpty;

    private IEnumerable<ReadRange> ReadRanges(short logId, int partition)
    {
        var end = long.MaxValue;
        var adopted = state.Adopted.Where(adopted => adopted.LogId == logId && adopted.Partition == partition);
        foreach (var number in adopted.Select(adopted => adopted.AdoptedLogId).Prepend(logId).Reverse())
        {
            if (state.Find(new PartitionKey(number, partition)).Consumed is { } consumed)
            {
                yield return new ReadRange(number, new OffsetRange(consumed.Start, Math.Min(consumed.Next, end)));
                end = Math.Min(end, consumed.Start);
            }
        }
    }

    private static IEnumerable<OffsetRange> Gaps(PartitionRows rows, OffsetRange range)
    {
        var covered = range.Start;
        var taken = rows.ClicksIn(range).Select(click => new OffsetRange(click.Offset, click.Offset + 1))
            .Concat(rows.Letters.Keys.Concat(rows.Duplicates.Keys).Select(offset => new OffsetRange(offset, offset + 1)))
            .Concat(rows.Lost)
            .Where(taken => taken.End > range.Start && taken.Start < range.End)
            .Append(new OffsetRange(range.End, range.End));
        foreach (var next in taken.OrderBy(taken => taken.Start))
        {
            if (next.Start > covered)
            {
                yield return new OffsetRange(covered, next.Start);
            }

            covered = Math.Max(covered, next.End);
        }
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(string name, Func<IEnumerable<T>> read, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<T>>(name, _ => [.. read()], cancellationToken);

    private PartitionRows RowsOf(AuditedPartition partition) =>
        state.Find(new PartitionKey(partition.LogId, partition.Partition));

    private AuditedPartition ToAudited(PartitionKey key, PartitionRows rows)
    {
        var registered = state.Adopted
            .Find(adopted => adopted.AdoptedLogId == key.LogId && adopted.Partition == key.Partition)?.LogId ?? key.LogId;
        var log = state.Logs.ElementAtOrDefault(registered - 1);
        var later = state.Adopted
            .Where(adopted => adopted.LogId == registered && adopted.Partition == key.Partition)
            .Where(adopted => adopted.AdoptedLogId > key.LogId)
            .Select(adopted => (long?)adopted.Start);
        return new AuditedPartition(
            key.LogId,
            log?.Topic ?? "",
            log?.TopicId ?? Guid.Empty,
            key.Partition,
            rows.Consumed?.Start ?? 0,
            rows.Consumed?.Next ?? 0,
            rows.FoldedOffset,
            rows.Consumed?.Stored ?? 0,
            rows.Aggregated?.Folded ?? 0,
            rows.Clicks.Count,
            later.Min(),
            rows.Consumed?.DivergedOffset,
            rows.Consumed?.Duplicates ?? 0,
            rows.Duplicates.Count);
    }
}
