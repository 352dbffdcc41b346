using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The rollups in a SQLite file.</summary>
/// <remarks>
/// A fold reads and gathers its clicks before it asks for the file's write lock, so that consumers wait only while rollups and
/// visitors are written. In between somebody else may have folded the same clicks: the aggregation offsets are moved by
/// compare-and-set from what was read.
/// </remarks>
public sealed class SqliteRollupStore(SqliteStoreDatabase database) : SqlRollupStore(database)
{
    /// <summary>Clicks that a fold takes at most, whatever it is asked for: the write lock is held for some tens of milliseconds.</summary>
    public const int MostClicks = 10_000;

    public override async Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxClicks, 1);
        var reading = await ReadAsync(Math.Min(maxClicks, MostClicks), cancellationToken);
        if (reading.IsEmpty)
        {
            return new FoldResult(0, 0, More: false);
        }

        await using var session = await database.WriteAsync(cancellationToken);
        if (!await MoveMarksAsync(session, reading, cancellationToken))
        {
            return new FoldResult(0, 0, More: true);
        }

        await WritePagesAsync(session, reading.Chunk, database.Time(now), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return new FoldResult(reading.Chunk.Clicks, reading.Chunk.Pages.Count, reading.More);
    }

    protected override async Task WriteMarksAsync(
        StoreSession session, IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("mark_indexed", marks.Where(mark => mark.Error is null), cancellationToken);
        await session.ExecuteAsync("mark_rejected", marks.Where(mark => mark.Error is not null), cancellationToken);
    }

    private async Task<FoldReading> ReadAsync(int maxClicks, CancellationToken cancellationToken)
    {
        await using var snapshot = await database.BeginSnapshotAsync(cancellationToken);
        return await FoldReading.ReadAsync(snapshot, maxClicks, cancellationToken);
    }

    /// <returns>False if another aggregation has moved one of them since they were read.</returns>
    private static async Task<bool> MoveMarksAsync(
        SqliteWriteSession session, FoldReading reading, CancellationToken cancellationToken)
    {
        foreach (var range in reading.Ranges)
        {
            await session.ExecuteAsync("start_aggregation_offset", range, cancellationToken);
            if (await session.ExecuteAsync("move_aggregation_offset", range, cancellationToken) == 0)
            {
                return false;
            }
        }

        if (reading.Retried.Count == 0)
        {
            return true;
        }

        return await session.ExecuteAsync("delete_retried_click", reading.Retried, cancellationToken) == reading.Retried.Count;
    }

    private static async Task WritePagesAsync(
        SqliteWriteSession session, FoldChunk chunk, object now, CancellationToken cancellationToken)
    {
        var written = new List<(long PageId, FoldedPage Page)>(chunk.Pages.Count);
        var added = 0;
        foreach (var page in chunk.Pages)
        {
            var parameters = new { page.Url, page.Country, page.Clicks, page.FirstClick, page.LastClick, Now = now };
            var row = (await session.FirstOrDefaultAsync<PageRow>("upsert_click_rollup", parameters, cancellationToken))!;
            written.Add((row.PageId, page));
            added += row.Version == 1 ? 1 : 0;
        }

        // In the order of their key, neighbours land on the same page of the file.
        written.Sort((one, other) => one.PageId.CompareTo(other.PageId));
        var insert = session.Bulk("insert_into_click_visitors", cancellationToken);
        var newUsers = written.Select(row => new { row.PageId, Users = InsertVisitors(insert, row.PageId, row.Page) })
            .Where(row => row.Users > 0)
            .ToList();
        await session.ExecuteAsync("add_unique_users", newUsers, cancellationToken);
        await session.ExecuteAsync("count_rollups", new { Added = added }, cancellationToken);
    }

    private static int InsertVisitors(SqliteBulkStatement insert, long pageId, FoldedPage page)
    {
        var added = 0;
        insert.Bind(1, pageId);
        foreach (var user in page.Users.Order(StringComparer.Ordinal))
        {
            insert.Bind(2, user);
            added += insert.Run();
        }

        return added;
    }

    private sealed class PageRow
    {
        public long PageId { get; init; }
        public long Version { get; init; }
    }
}
