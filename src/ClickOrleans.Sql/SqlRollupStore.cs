using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>The rollups; each database folds clicks and marks rollups as indexed with bulk statements of its own.</summary>
/// <remarks>
/// Every transaction that changes rollups first locks the row of <c>aggregation_state</c>, so that folding and marking neither
/// overlap nor deadlock, whichever silo they run on.
/// </remarks>
/// <param name="lockAggregation">Locks that row, unless the transaction already does, and returns the index identity.</param>
public abstract class SqlRollupStore(StoreDatabase database, SqlStatement lockAggregation) : IRollupStore
{
    private readonly SqlIndexHistory _history = new(database, lockAggregation);

    public abstract Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken);

    public abstract Task<bool> HashVisitorsAsync(CancellationToken cancellationToken);

    public async Task<IReadOnlyList<string>> GetUnfoldedTracesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await session.QueryAsync<string>(SharedSql.SelectUnfoldedTraces, new { Limit = limit }, cancellationToken);
    }

    public Task<IReadOnlyList<Rollup>> GetUnindexedAsync(int limit, CancellationToken cancellationToken) =>
        QueryRollupsAsync(SharedSql.SelectUnindexedRollups, new { Limit = limit }, cancellationToken);

    public Task<IReadOnlyList<Rollup>> ReadRollupsAsync(long afterPageId, int limit, CancellationToken cancellationToken) =>
        QueryRollupsAsync(SharedSql.SelectRollups, new { AfterPageId = afterPageId, Limit = limit }, cancellationToken);

    public Task<IReadOnlyList<Rollup>> ReadRejectedAsync(long afterPageId, int limit, CancellationToken cancellationToken) =>
        QueryRollupsAsync(
            SharedSql.SelectRejectedRollupsAfterPage, new { AfterPageId = afterPageId, Limit = limit }, cancellationToken);

    public async Task<IReadOnlyList<RejectedRollup>> GetRejectedAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await session.QueryAsync<RejectedRollup>(
            SharedSql.SelectRejectedRollups, new { Limit = limit }, cancellationToken);
    }

    public async Task MarkIndexedAsync(IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        if (marks.Count == 0)
        {
            return;
        }

        await using var session = await database.BeginAsync(cancellationToken);
        await session.ScalarAsync<string>(lockAggregation, null, cancellationToken);
        await WriteMarksAsync(session, marks, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    public async Task<bool> UseIndexAsync(string indexIdentity, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginUnlimitedAsync(cancellationToken);
        var before = await session.ScalarAsync<string>(lockAggregation, null, cancellationToken);
        if (before == indexIdentity)
        {
            return false;
        }

        await session.ExecuteAsync(SharedSql.ResetIndexedVersions, null, cancellationToken);
        await session.ExecuteAsync(SharedSql.UpdateIndexIdentity, new { IndexIdentity = indexIdentity }, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return before is not null;
    }

    public Task<IndexHistory> CompareHistoryAsync(IndexState? found, CancellationToken cancellationToken) =>
        _history.CompareAsync(found, cancellationToken);

    public Task<string?> GetKeptIndexAsync(CancellationToken cancellationToken) => _history.GetKeptAsync(cancellationToken);

    public Task<IndexState> AdvanceHistoryAsync(long indexSequence, Guid token, CancellationToken cancellationToken) =>
        _history.AdvanceAsync(indexSequence, token, cancellationToken);

    public Task ConfirmHistoryAsync(long sequence, CancellationToken cancellationToken) =>
        _history.ConfirmAsync(sequence, cancellationToken);

    public Task RaiseVersionsAsync(IReadOnlyList<VersionRaise> raises, CancellationToken cancellationToken) =>
        UpdateAsync(SharedSql.RaiseRollupVersion, raises, cancellationToken);

    public Task UnmarkAsync(IReadOnlyList<RollupMark> marks, CancellationToken cancellationToken) =>
        UpdateAsync(SharedSql.UnmarkRollup, marks, cancellationToken);

    protected abstract Task WriteMarksAsync(
        StoreSession session, IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken);

    /// <summary>Runs a statement for each row, in one transaction.</summary>
    private async Task UpdateAsync<T>(SqlStatement statement, IReadOnlyList<T> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            await using var session = await database.BeginAsync(cancellationToken);
            await session.ScalarAsync<string>(lockAggregation, null, cancellationToken);
            await session.ExecuteAsync(statement, rows, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Rollup>> QueryRollupsAsync(
        SqlStatement statement, object parameters, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await session.QueryAsync<Rollup>(statement, parameters, cancellationToken);
    }
}
