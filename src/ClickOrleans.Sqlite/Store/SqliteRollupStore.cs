using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The rollups in a SQLite file.</summary>
/// <remarks>
/// A fold reads and groups its clicks before it takes the file's write lock, so that consumers wait only while rollups and
/// visitors are written. Another aggregation may fold the same clicks in between: the aggregation offsets are advanced by
/// compare-and-set from the values that were read.
/// </remarks>
public sealed class SqliteRollupStore(SqliteStoreDatabase database)
    : SqlRollupStore(database, SqliteStoreSql.SelectIndexIdentity)
{
    /// <summary>Upper limit of clicks per fold, so that the write lock is held for some tens of milliseconds only.</summary>
    public const int MostClicks = 10_000;

    private readonly SqliteVisitorHashing _hashing = new(database);

    public override Task<bool> HashVisitorsAsync(CancellationToken cancellationToken) =>
        _hashing.HashClicksAsync(cancellationToken);

    public override async Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxClicks, 1);
        var reading = await ReadAsync(Math.Min(maxClicks, MostClicks), cancellationToken);
        if (reading.HasUnhashedVisitors)
        {
            await _hashing.HashPagesAsync(cancellationToken);
            return new FoldResult(0, 0, More: true);
        }

        if (reading.IsEmpty)
        {
            return new FoldResult(0, 0, More: false);
        }

        await using var session = await database.WriteAsync(cancellationToken);
        if (!await AdvanceOffsetsAsync(session, reading, cancellationToken))
        {
            return new FoldResult(0, 0, More: true);
        }

        var added = new FoldWriting(session, now, cancellationToken).Write(reading.Chunk);
        await session.ExecuteAsync(SqliteStoreSql.IncrementRollupCount, new { Added = added }, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return new FoldResult(reading.Chunk.Clicks, reading.Chunk.FoldedPages, reading.More, reading.IsBehind);
    }

    protected override async Task WriteMarksAsync(
        StoreSession session, IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(SqliteStoreSql.MarkIndexed, marks.Where(mark => mark.Error is null), cancellationToken);
        await session.ExecuteAsync(SqliteStoreSql.MarkRejected, marks.Where(mark => mark.Error is not null), cancellationToken);
    }

    private async Task<FoldReading> ReadAsync(int maxClicks, CancellationToken cancellationToken)
    {
        await using var snapshot = await database.BeginSnapshotAsync(cancellationToken);
        return await FoldReading.ReadAsync(snapshot, maxClicks, cancellationToken);
    }

    /// <returns>False if another aggregation has advanced one of them since they were read.</returns>
    private static async Task<bool> AdvanceOffsetsAsync(
        SqliteWriteSession session, FoldReading reading, CancellationToken cancellationToken)
    {
        foreach (var range in reading.Ranges)
        {
            await session.ExecuteAsync(SqliteStoreSql.InsertIntoAggregationOffsets, range, cancellationToken);
            if (await session.ExecuteAsync(SqliteStoreSql.AdvanceAggregationOffset, range, cancellationToken) == 0)
            {
                return false;
            }
        }

        if (reading.Retried.Count == 0)
        {
            return true;
        }

        var deleted = await session.ExecuteAsync(SqliteStoreSql.DeleteRetriedClick, reading.Retried, cancellationToken);
        return deleted == reading.Retried.Count;
    }
}
