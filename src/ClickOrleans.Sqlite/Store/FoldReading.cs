using System.Data.Common;
using ClickOrleans.Pipeline;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Reads the clicks to fold from one snapshot; others may write meanwhile.</summary>
/// <remarks>
/// For each partition the clicks of [aggregation offset, end), and clicks below the aggregation offset that were stored by a
/// dead-letter retry since the last fold. A retry that commits after this snapshot is not visible, neither as a click nor in
/// <c>retried_clicks</c>, and is left for the next fold. Where the series are behind, because clicks were folded without them by
/// the version before, a chunk of [series offset, aggregation offset) is read for the series only.
/// </remarks>
internal sealed class FoldReading
{
    private VisitorKey _key;

    public FoldChunk Chunk { get; } = new();

    public List<FoldRange> Ranges { get; } = [];

    /// <summary>Rows of <c>retried_clicks</c> whose clicks are in the chunk.</summary>
    public List<RetriedClick> Retried { get; } = [];

    /// <summary>True if stored clicks remain that were not read.</summary>
    public bool More { get; private set; }

    /// <summary>True if visitors that an earlier version stored have to be hashed first; nothing was read.</summary>
    public bool HasUnhashedVisitors { get; private set; }

    /// <summary>True if the series stay behind the aggregation offset of a partition.</summary>
    public bool IsBehind => Ranges.Exists(range => range.SeriesEnd < range.End);

    public bool IsEmpty => Ranges.Count == 0;

    public static async Task<FoldReading> ReadAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        var reading = new FoldReading();
        var unhashed = await session.QueryAsync<UnhashedVisitor>(
            SharedSql.SelectUnhashedVisitors, new { Limit = 1 }, cancellationToken);
        if (unhashed.Count > 0)
        {
            reading.HasUnhashedVisitors = true;
            return reading;
        }

        reading._key = await VisitorHashing.GetKeyAsync(session, cancellationToken);
        var retried = await session.QueryAsync<RetriedClick>(
            SqliteStoreSql.SelectRetriedClicksToFold, new { Limit = maxClicks }, cancellationToken);
        reading.More |= retried.Count == maxClicks;
        await reading.ReadRangesAsync(session, maxClicks, cancellationToken);
        await reading.AddRetriedAsync(session, retried, cancellationToken);
        return reading;
    }

    private async Task ReadRangesAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        var open = await session.QueryAsync<FoldRange>(SqliteStoreSql.SelectFoldRanges, null, cancellationToken);
        var share = Math.Max(1, maxClicks / Math.Max(1, open.Count));
        foreach (var range in open)
        {
            await ReadClicksAsync(session, range, share, cancellationToken);
            await ReadBehindAsync(session, range, share, cancellationToken);
            Retried.AddRange(await ReadRetriedAsync(session, range, range.Start, range.End, cancellationToken));
            Ranges.Add(range);
        }
    }

    private async Task ReadClicksAsync(StoreSession session, FoldRange range, int limit, CancellationToken cancellationToken)
    {
        var parameters = new { range.LogId, range.Partition, range.Start, range.End, Limit = limit };
        await using var rows = await session.ReadAsync(SqliteStoreSql.SelectClicksToFold, parameters, cancellationToken);
        var last = range.Start;
        while (await rows.ReadAsync(cancellationToken))
        {
            last = rows.GetInt64(0);
            var inSeries = !range.IsBehind && last >= range.SeriesStart;
            Chunk.Add(rows.GetString(1), rows.GetString(2), VisitorOf(rows), rows.GetString(3), inSeries);
            range.Clicks++;
        }

        if (range.Clicks == limit)
        {
            More |= last + 1 < range.End;
            range.End = last + 1;
        }

        range.SeriesEnd = Math.Max(range.SeriesStart, range.End);
    }

    /// <summary>Clicks that were folded without the series; retried ones that are not folded are added by the fold.</summary>
    private async Task ReadBehindAsync(StoreSession session, FoldRange range, int limit, CancellationToken cancellationToken)
    {
        if (!range.IsBehind)
        {
            return;
        }

        var retried = await ReadRetriedAsync(session, range, range.SeriesStart, range.Start, cancellationToken);
        var unfolded = retried.Select(click => click.Offset).ToHashSet();
        var parameters = new { range.LogId, range.Partition, Start = range.SeriesStart, End = range.Start, Limit = limit };
        await using var rows = await session.ReadAsync(SqliteStoreSql.SelectClicksToFold, parameters, cancellationToken);
        var (last, read) = (range.SeriesStart, 0);
        for (; await rows.ReadAsync(cancellationToken); read++)
        {
            last = rows.GetInt64(0);
            if (!unfolded.Contains(last))
            {
                Chunk.AddToSeries(rows.GetString(1), rows.GetString(2), VisitorOf(rows), rows.GetString(3));
            }
        }

        range.SeriesEnd = read == limit ? last + 1 : range.Start;
    }

    private long VisitorOf(DbDataReader row) => row.IsDBNull(4) ? _key.Hash(row.GetString(5)) : row.GetInt64(4);

    private async Task AddRetriedAsync(
        StoreSession session, List<RetriedClick> retried, CancellationToken cancellationToken)
    {
        Retried.AddRange(retried);
        foreach (var click in retried)
        {
            var range = await FindRangeAsync(session, click.LogId, click.Partition, cancellationToken);
            range.Clicks++;
            var visitor = click.Visitor ?? _key.Hash(click.UserId);
            Chunk.Add(click.Url, click.Country, visitor, click.Timestamp, inSeries: click.Offset < range.SeriesEnd);
        }
    }

    private static Task<List<RetriedClick>> ReadRetriedAsync(
        StoreSession session, FoldRange range, long start, long end, CancellationToken cancellationToken) =>
        session.QueryAsync<RetriedClick>(
            SqliteStoreSql.SelectRetriedClicksInRange,
            new { range.LogId, range.Partition, Start = start, End = end },
            cancellationToken);

    /// <summary>The range of a partition; an empty one if nothing but retried clicks is folded.</summary>
    private async Task<FoldRange> FindRangeAsync(
        StoreSession session, short logId, int partition, CancellationToken cancellationToken)
    {
        var range = Ranges.Find(candidate => candidate.LogId == logId && candidate.Partition == partition);
        if (range is null)
        {
            var parameters = new { LogId = logId, Partition = partition };
            range = (await session.FirstOrDefaultAsync<FoldRange>(
                SqliteStoreSql.SelectFoldRange, parameters, cancellationToken))!;
            range.SeriesEnd = Math.Max(range.SeriesStart, range.End);
            Ranges.Add(range);
        }

        return range;
    }
}
