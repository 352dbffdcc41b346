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
    /// <summary>
    /// Clicks that a fold takes at most, whatever it is asked for: the write lock is held for some tens of milliseconds.
    /// </summary>
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

        var added = new FoldWriting(session, now, cancellationToken).Write(reading.Chunk);
        await session.ExecuteAsync("count_rollups", new { Added = added }, cancellationToken);
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
}
