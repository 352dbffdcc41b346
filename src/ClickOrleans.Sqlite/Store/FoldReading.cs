using ClickOrleans.Pipeline;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Reads the clicks to fold from one snapshot; others may write meanwhile.</summary>
/// <remarks>
/// For each partition the clicks of [aggregation offset, end), and clicks below the aggregation offset that were stored by a
/// dead-letter retry since the last fold. A retry that commits after this snapshot is not visible, neither as a click nor in
/// <c>retried_clicks</c>, and is left for the next fold.
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
        await reading.ReadRetriedAsync(session, maxClicks, cancellationToken);
        await reading.ReadRangesAsync(session, maxClicks, cancellationToken);
        return reading;
    }

    private async Task ReadRetriedAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        Retried.AddRange(await session.QueryAsync<RetriedClick>(
            SqliteStoreSql.SelectRetriedClicksToFold, new { Limit = maxClicks }, cancellationToken));
        More |= Retried.Count == maxClicks;
        foreach (var click in Retried)
        {
            Chunk.Add(click.Url, click.Country, click.Visitor ?? _key.Hash(click.UserId), click.Timestamp);
        }
    }

    private async Task ReadRangesAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        var open = await session.QueryAsync<FoldRange>(SqliteStoreSql.SelectFoldRanges, null, cancellationToken);
        var share = Math.Max(1, maxClicks / Math.Max(1, open.Count));
        foreach (var range in open)
        {
            await ReadClicksAsync(session, range, share, cancellationToken);
            var parameters = new { range.LogId, range.Partition, range.Start, range.End };
            var retried = await session.QueryAsync<RetriedClick>(
                SqliteStoreSql.SelectRetriedClicksInRange, parameters, cancellationToken);
            Retried.AddRange(retried);
            Ranges.Add(range);
        }

        foreach (var partition in Retried.GroupBy(click => (click.LogId, click.Partition)))
        {
            var range = await FindRangeAsync(session, partition.Key.LogId, partition.Key.Partition, cancellationToken);
            range.Clicks += partition.Count(click => click.Offset < range.Start);
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
            var visitor = rows.IsDBNull(4) ? _key.Hash(rows.GetString(5)) : rows.GetInt64(4);
            Chunk.Add(rows.GetString(1), rows.GetString(2), visitor, rows.GetString(3));
            range.Clicks++;
        }

        if (range.Clicks == limit)
        {
            More |= last + 1 < range.End;
            range.End = last + 1;
        }
    }

    /// <summary>The range of a partition; an empty one if nothing but retried clicks is folded.</summary>
    private async Task<FoldRange> FindRangeAsync(
        StoreSession session, short logId, int partition, CancellationToken cancellationToken)
    {
        var range = Ranges.Find(candidate => candidate.LogId == logId && candidate.Partition == partition);
        if (range is null)
        {
            var parameters = new { LogId = logId, Partition = partition };
            var offset = await session.ScalarAsync<long>(SqliteStoreSql.SelectAggregationOffset, parameters, cancellationToken);
            range = new FoldRange { LogId = logId, Partition = partition, Start = offset, End = offset };
            Ranges.Add(range);
        }

        return range;
    }
}
