using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>The rollups; how clicks are folded and marks are written in bulk is each database's own affair.</summary>
/// <remarks>
/// Whoever changes rollups holds the aggregation's lock (the row of <c>aggregation_state</c>), so that folding and marking
/// neither overlap nor deadlock, whichever silo they run on.
/// </remarks>
public abstract class SqlRollupStore(StoreDatabase database) : IRollupStore
{
    public abstract Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken);

    public async Task<IReadOnlyList<string>> GetUnfoldedTracesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await session.QueryAsync<string>("select_unfolded_traces", new { Limit = limit }, cancellationToken);
    }

    public Task<IReadOnlyList<Rollup>> GetUnindexedAsync(int limit, CancellationToken cancellationToken) =>
        QueryRollupsAsync("select_unindexed_rollups", new { Limit = limit }, cancellationToken);

    public Task<IReadOnlyList<Rollup>> ReadRollupsAsync(long afterPageId, int limit, CancellationToken cancellationToken) =>
        QueryRollupsAsync("select_rollups", new { AfterPageId = afterPageId, Limit = limit }, cancellationToken);

    public async Task<IReadOnlyList<RejectedRollup>> GetRejectedAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<RejectedRow>("select_rejected_rollups", new { Limit = limit }, cancellationToken);
        return rows.ConvertAll(row => new RejectedRollup(row.Url, row.Country, row.Version, row.Error));
    }

    public async Task MarkIndexedAsync(IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        if (marks.Count == 0)
        {
            return;
        }

        await using var session = await database.BeginAsync(cancellationToken);
        await session.ScalarAsync<string>("lock_aggregation", null, cancellationToken);
        await WriteMarksAsync(session, marks, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    public async Task<bool> UseIndexAsync(string indexIdentity, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        var before = await session.ScalarAsync<string>("lock_aggregation", null, cancellationToken);
        if (before == indexIdentity)
        {
            return false;
        }

        await session.ExecuteAsync("take_marks_back", null, cancellationToken);
        await session.ExecuteAsync("use_index", new { IndexIdentity = indexIdentity }, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return before is not null;
    }

    protected abstract Task WriteMarksAsync(
        StoreSession session, IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken);

    private async Task<IReadOnlyList<Rollup>> QueryRollupsAsync(
        string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return (await session.QueryAsync<RollupRow>(statement, parameters, cancellationToken)).ConvertAll(row => row.ToRollup());
    }

    private sealed class RejectedRow
    {
        public string Url { get; init; } = "";
        public string Country { get; init; } = "";
        public long Version { get; init; }
        public string Error { get; init; } = "";
    }
}
