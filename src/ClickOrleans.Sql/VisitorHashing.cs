using ClickOrleans.Pipeline;

namespace ClickOrleans.Sql;

/// <summary>
/// Hashes the visitors of what a version without hashes stored, in chunks, each a transaction that holds the lock of the
/// aggregation: the visitors of pages (<c>click_visitor_ids</c>) and those of clicks (<c>unhashed_clicks</c>).
/// </summary>
public abstract class VisitorHashing(StoreDatabase database, SqlStatement lockAggregation)
{
    /// <summary>Rows of a chunk.</summary>
    protected const int Chunk = 10_000;

    /// <summary>A chunk of the pages' visitors. Until there are none left nothing can be folded.</summary>
    /// <returns>False when there are none.</returns>
    public async Task<bool> HashPagesAsync(CancellationToken cancellationToken)
    {
        await using var session = await BeginAsync(cancellationToken);
        var rows = await session.QueryAsync<UnhashedVisitor>(
            SharedSql.SelectUnhashedVisitors, new { Limit = Chunk }, cancellationToken);
        if (rows.Count == 0)
        {
            return false;
        }

        var key = await GetKeyAsync(session, cancellationToken);
        await InsertVisitorsAsync(session, rows, [.. rows.Select(row => key.Hash(row.UserId))], cancellationToken);
        var last = new { rows[^1].PageId, rows[^1].UserId };
        await session.ExecuteAsync(SharedSql.DeleteUnhashedVisitors, last, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>A chunk of the clicks.</summary>
    /// <returns>False when there are none.</returns>
    public async Task<bool> HashClicksAsync(CancellationToken cancellationToken)
    {
        await using var session = await BeginAsync(cancellationToken);
        var range = await session.FirstOrDefaultAsync<UnhashedRange>(SharedSql.SelectUnhashedRange, null, cancellationToken);
        if (range is null)
        {
            return false;
        }

        var parameters = new { range.LogId, range.Partition, range.Start, range.End, Limit = Chunk };
        var rows = await session.QueryAsync<UnhashedClick>(SharedSql.SelectUnhashedClicks, parameters, cancellationToken);
        await WriteAsync(session, rows, cancellationToken);
        var done = new { range.LogId, range.Partition, Next = rows.Count > 0 ? rows[^1].Offset + 1 : range.End };
        await session.ExecuteAsync(
            rows.Count < Chunk ? SharedSql.DeleteUnhashedRange : SharedSql.AdvanceUnhashedRange, done, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The key that was drawn with the tables.</summary>
    public static async Task<VisitorKey> GetKeyAsync(StoreSession session, CancellationToken cancellationToken) =>
        VisitorKey.From(await session.ScalarAsync<byte[]>(SharedSql.SelectVisitorKey, null, cancellationToken));

    protected async Task<StoreSession> BeginAsync(CancellationToken cancellationToken)
    {
        var session = await database.BeginAsync(cancellationToken);
        try
        {
            await session.ScalarAsync<string>(lockAggregation, null, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    protected async Task WriteAsync(StoreSession session, List<UnhashedClick> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            var key = await GetKeyAsync(session, cancellationToken);
            await UpdateClicksAsync(session, rows, rows.ConvertAll(row => key.Hash(row.UserId)), cancellationToken);
        }
    }

    protected abstract Task InsertVisitorsAsync(
        StoreSession session, List<UnhashedVisitor> rows, List<long> visitors, CancellationToken cancellationToken);

    protected abstract Task UpdateClicksAsync(
        StoreSession session, List<UnhashedClick> rows, List<long> visitors, CancellationToken cancellationToken);

    private sealed class UnhashedRange
    {
        public short LogId { get; init; }
        public int Partition { get; init; }
        public long Start { get; init; }
        public long End { get; init; }
    }
}
