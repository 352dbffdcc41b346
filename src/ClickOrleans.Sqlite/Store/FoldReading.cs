using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Reads from one snapshot what a fold is to add, while others may write.</summary>
/// <remarks>
/// Of each partition the clicks of [aggregation offset, end), and, wherever they lie below that, those stored by a retry since.
/// A retry that commits after this snapshot is not in it, neither as a click nor in <c>retried_clicks</c>, and is left for the next
/// fold, in front of the mark or behind it.
/// </remarks>
internal sealed class FoldReading
{
    public FoldChunk Chunk { get; } = new();

    public List<FoldRange> Ranges { get; } = [];

    /// <summary>Rows of <c>retried_clicks</c> that are folded with this chunk.</summary>
    public List<RetriedClick> Retried { get; } = [];

    /// <summary>True if clicks remain that could have been folded.</summary>
    public bool More { get; private set; }

    public bool IsEmpty => Ranges.Count == 0;

    public static async Task<FoldReading> ReadAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        var reading = new FoldReading();
        await reading.ReadRetriedAsync(session, maxClicks, cancellationToken);
        await reading.ReadRangesAsync(session, maxClicks, cancellationToken);
        return reading;
    }

    private async Task ReadRetriedAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        Retried.AddRange(
            await session.QueryAsync<RetriedClick>("select_retried_to_fold", new { Limit = maxClicks }, cancellationToken));
        More |= Retried.Count == maxClicks;
        foreach (var click in Retried)
        {
            Chunk.Add(click.Url, click.Country, click.UserId, click.Timestamp);
        }
    }

    private async Task ReadRangesAsync(StoreSession session, int maxClicks, CancellationToken cancellationToken)
    {
        var open = await session.QueryAsync<FoldRange>("select_fold_ranges", null, cancellationToken);
        var share = Math.Max(1, maxClicks / Math.Max(1, open.Count));
        foreach (var range in open)
        {
            await ReadClicksAsync(session, range, share, cancellationToken);
            var retried = await session.QueryAsync<RetriedClick>(
                "select_retried_in_range", new { range.LogId, range.Partition, range.Start, range.End }, cancellationToken);
            Retried.AddRange(retried);
            Ranges.Add(range);
        }

        foreach (var partition in Retried.GroupBy(click => (click.LogId, click.Partition)))
        {
            CountBehindTheMark(await MarkAsync(session, partition.Key.LogId, partition.Key.Partition, cancellationToken), partition);
        }
    }

    private async Task ReadClicksAsync(StoreSession session, FoldRange range, int limit, CancellationToken cancellationToken)
    {
        var parameters = new { range.LogId, range.Partition, range.Start, range.End, Limit = limit };
        await using var rows = await session.ReadAsync("select_clicks_to_fold", parameters, cancellationToken);
        var last = range.Start;
        while (await rows.ReadAsync(cancellationToken))
        {
            last = rows.GetInt64(0);
            Chunk.Add(rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4));
            range.Clicks++;
        }

        if (range.Clicks == limit)
        {
            More |= last + 1 < range.End;
            range.End = last + 1;
        }
    }

    private async Task<FoldRange> MarkAsync(StoreSession session, short logId, int partition, CancellationToken cancellationToken)
    {
        var range = Ranges.Find(candidate => candidate.LogId == logId && candidate.Partition == partition);
        if (range is null)
        {
            var parameters = new { LogId = logId, Partition = partition };
            var mark = await session.ScalarAsync<long>("select_aggregation_offset", parameters, cancellationToken);
            range = new FoldRange { LogId = logId, Partition = partition, Start = mark, End = mark };
            Ranges.Add(range);
        }

        return range;
    }

    private static void CountBehindTheMark(FoldRange range, IEnumerable<RetriedClick> retried) =>
        range.Clicks += retried.Count(click => click.Offset < range.Start);
}
