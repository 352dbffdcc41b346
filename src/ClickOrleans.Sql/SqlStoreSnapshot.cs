using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>A consistent snapshot of the store, until it is disposed.</summary>
public sealed class SqlStoreSnapshot(StoreSession session, SeriesStatements series) : IStoreSnapshot
{
    /// <summary>The statement divides integers, as both databases do alike.</summary>
    private const int PhaseSteps = 1_000_000;

    public async Task<IReadOnlyList<AuditedPartition>> GetPartitionsAsync(CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<PartitionRow>(SharedSql.AuditPartitions, null, cancellationToken);
        return rows.ConvertAll(row => row.ToPartition());
    }

    public async Task<IReadOnlyList<OffsetRange>> FindGapsAsync(
        AuditedPartition partition, int limit, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<RangeRow>(SharedSql.AuditGaps, Parameters(partition, limit), cancellationToken);
        return rows.ConvertAll(row => new OffsetRange(row.Start, row.End));
    }

    public async Task<IReadOnlyList<long>> FindStrayOffsetsAsync(
        AuditedPartition partition, int limit, CancellationToken cancellationToken) =>
        await session.QueryAsync<long>(SharedSql.AuditUnexpectedOffsets, Parameters(partition, limit), cancellationToken);

    public async Task<IReadOnlyList<ReadRange>> GetReadRangesAsync(
        short logId, int partition, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<ReadRow>(
            SharedSql.SelectReadRanges, new { LogId = logId, Partition = partition }, cancellationToken);
        var end = long.MaxValue;
        return rows.ConvertAll(row =>
        {
            var range = new ReadRange(row.LogId, new OffsetRange(row.StartOffset, Math.Min(row.NextOffset, end)));
            end = Math.Min(end, row.StartOffset);
            return range;
        });
    }

    public async Task<IReadOnlyList<DivergedRange>> GetDivergedRangesAsync(
        AuditedPartition partition, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<DivergedRow>(
            SharedSql.SelectDivergedRanges, new { partition.LogId, partition.Partition }, cancellationToken);
        return rows.ConvertAll(row => new DivergedRange(new OffsetRange(row.Start, row.End), row.At));
    }

    public async Task<IReadOnlyList<StoredDigest>> GetDigestsAsync(
        AuditedPartition partition, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<DigestRow>(
            SharedSql.SelectClickDigests, new { partition.LogId, partition.Partition }, cancellationToken);
        return rows.ConvertAll(row => new StoredDigest(row.Day, new OffsetRange(row.Start, row.End), row.Clicks, row.Digest));
    }

    public async Task<IReadOnlyList<AuditedRecord>> ReadRecordsAsync(
        AuditedPartition partition, OffsetRange offsets, CancellationToken cancellationToken)
    {
        var parameters = new { partition.LogId, partition.Partition, offsets.Start, offsets.End };
        var clicks = await session.QueryAsync<AuditedClickRow>(SharedSql.AuditClicks, parameters, cancellationToken);
        var letters = await session.QueryAsync<DeadLetterRow>(SharedSql.AuditDeadLetters, parameters, cancellationToken);
        var repeats = await session.QueryAsync<DuplicateRow>(SharedSql.AuditDuplicates, parameters, cancellationToken);
        return [.. clicks.Select(row => row.ToRecord())
            .Concat(letters.Select(row => row.ToRecord()))
            .Concat(repeats.Select(row => row.ToRecord()))
            .OrderBy(record => record.Offset)];
    }

    public async Task<FoldedSums> GetFoldedSumsAsync(CancellationToken cancellationToken)
    {
        var row = (await session.FirstOrDefaultAsync<SumsRow>(SharedSql.AuditFoldedSums, null, cancellationToken))!;
        return new FoldedSums(row.RollupClicks, row.FoldedClicks, row.RollupUsers, row.Visitors, row.Rollups);
    }

    public async Task<IReadOnlyList<RollupDifference>> RecountAsync(
        int? pages, double phase, int limit, CancellationToken cancellationToken)
    {
        var parameters = new { Pages = (long?)pages, Phase = (long)(phase * PhaseSteps), Limit = limit };
        var rows = await session.QueryAsync<RecountRow>(SharedSql.AuditRollups, parameters, cancellationToken);
        return [.. rows.SelectMany(row => row.Differences()).Take(limit)];
    }

    public async Task<IReadOnlyList<SeriesDifference>> RecountSeriesAsync(
        int? pages, int limit, CancellationToken cancellationToken)
    {
        var parameters = new { Pages = (long?)pages, Limit = limit };
        var rows = await session.QueryAsync<SeriesRecountRow>(series.Audit, parameters, cancellationToken);
        return rows.ConvertAll(row => row.ToDifference());
    }

    public async Task<IReadOnlyList<VisitorDifference>> RecountVisitorsAsync(int limit, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<VisitorRow>(series.AuditVisitors, new { Limit = limit }, cancellationToken);
        return rows.ConvertAll(row => new VisitorDifference(row.Place, row.From, row.Kept ?? 0, row.Recounted ?? 0));
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private static object Parameters(AuditedPartition partition, int limit) =>
        new { partition.LogId, partition.Partition, Start = partition.StartOffset, Next = partition.NextOffset, Limit = limit };

    private sealed class PartitionRow
    {
        public short LogId { get; init; }
        public int Partition { get; init; }
        public string Topic { get; init; } = "";
        public object? TopicId { get; init; }
        public long StartOffset { get; init; }
        public long NextOffset { get; init; }
        public long FoldedOffset { get; init; }
        public long Stored { get; init; }
        public long Folded { get; init; }
        public long StoredRows { get; init; }
        public long? ReplacedFrom { get; init; }
        public long? DivergedOffset { get; init; }
        public long Duplicates { get; init; }
        public long DuplicateRows { get; init; }

        public AuditedPartition ToPartition() => new(
            LogId, Topic, TopicId switch { Guid id => id, string text => Guid.Parse(text), _ => Guid.Empty },
            Partition, StartOffset, NextOffset, FoldedOffset, Stored, Folded, StoredRows, ReplacedFrom,
            DivergedOffset, Duplicates, DuplicateRows);
    }

    private sealed class ReadRow
    {
        public short LogId { get; init; }
        public long StartOffset { get; init; }
        public long NextOffset { get; init; }
    }

    private class RangeRow
    {
        public long Start { get; init; }
        public long End { get; init; }
    }

    private sealed class DigestRow : RangeRow
    {
        public string Day { get; init; } = "";
        public long Clicks { get; init; }
        public long Digest { get; init; }
    }

    private sealed class DivergedRow : RangeRow
    {
        public DateTime At { get; init; }
    }

    private sealed class AuditedClickRow : ClickRow
    {
        public long? RetriedOffset { get; init; }

        public AuditedRecord ToRecord() => new(
            Offset,
            ToClick(),
            DeadLetterPayload: null,
            IsDeadLetter: false,
            IsDiscarded: false,
            IsRetried: RetriedOffset is not null);
    }

    private sealed class DeadLetterRow
    {
        public long Offset { get; init; }
        public byte[]? Payload { get; init; }
        public DateTime? DiscardedAt { get; init; }

        public AuditedRecord ToRecord() =>
            new(Offset, Click: null, Payload, IsDeadLetter: true, IsDiscarded: DiscardedAt is not null, IsRetried: false);
    }

    private sealed class DuplicateRow
    {
        public long Offset { get; init; }
        public long OriginalOffset { get; init; }
        public long? RetriedOffset { get; init; }
        public object? EventId { get; init; }

        public AuditedRecord ToRecord() => new(
            Offset,
            Click: null,
            DeadLetterPayload: null,
            IsDeadLetter: false,
            IsDiscarded: false,
            IsRetried: RetriedOffset is not null,
            new AuditedDuplicate(OriginalOffset, StoredUuid.Read(EventId)));
    }

    private sealed class VisitorRow
    {
        public string Place { get; init; } = "";
        public DateTime From { get; init; }
        public long? Kept { get; init; }
        public long? Recounted { get; init; }
    }

    private sealed class SumsRow
    {
        public long RollupClicks { get; init; }
        public long FoldedClicks { get; init; }
        public long RollupUsers { get; init; }
        public long Visitors { get; init; }
        public long Rollups { get; init; }
    }
}
