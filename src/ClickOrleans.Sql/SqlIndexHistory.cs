using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>The states that were written to the index, and what a state found there says: table <c>index_sequences</c>.</summary>
internal sealed class SqlIndexHistory(StoreDatabase database, SqlStatement lockAggregation)
{
    public async Task<IndexHistory> CompareAsync(IndexState? found, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginUnlimitedAsync(cancellationToken);
        await session.ScalarAsync<string>(lockAggregation, null, cancellationToken);
        var parameters = new { Sequence = found?.Sequence ?? 0 };
        var row = (await session.FirstOrDefaultAsync<HistoryRow>(SharedSql.SelectIndexHistory, parameters, cancellationToken))!;
        var known = row.ToHistory();
        var history = known.Compare(found);
        switch (history)
        {
            case IndexHistory.StoreWentBack:
                if (row.LastSequence == 0)
                {
                    await session.ExecuteAsync(SharedSql.KeepDocuments, null, cancellationToken);
                }

                var epoch = new { Epoch = known.NextEpoch(found!) };
                await session.ExecuteAsync(SharedSql.UpdateEpoch, epoch, cancellationToken);
                await session.ExecuteAsync(SharedSql.RaiseVersionsToEpoch, epoch, cancellationToken);
                break;
            case IndexHistory.IndexWentBack:
                await session.ExecuteAsync(SharedSql.ResetIndexedVersions, null, cancellationToken);
                break;
            default:
                return history;
        }

        await session.CommitAsync(cancellationToken);
        return history;
    }

    public async Task<IndexState> AdvanceAsync(long indexSequence, Guid token, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        await session.ScalarAsync<string>(lockAggregation, null, cancellationToken);
        var parameters = new { IndexSequence = indexSequence, Token = database.Uuid(token) };
        var row = (await session.FirstOrDefaultAsync<DrawnRow>(
            SharedSql.InsertIntoIndexSequences, parameters, cancellationToken))!;
        await session.ExecuteAsync(SharedSql.DeleteOldIndexSequences, null, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return new IndexState(row.Sequence, token, row.Epoch);
    }

    public async Task<string?> GetKeptAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await session.ScalarAsync<string>(SharedSql.SelectKeptIndex, null, cancellationToken);
    }

    public async Task ConfirmAsync(long sequence, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        await session.ExecuteAsync(SharedSql.ConfirmIndexSequence, new { Sequence = sequence }, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private sealed class DrawnRow
    {
        public long Sequence { get; init; }
        public long Epoch { get; init; }
    }

    private sealed class HistoryRow
    {
        public long Epoch { get; init; }
        public object? Token { get; init; }
        public long ConfirmedSequence { get; init; }
        public long LastSequence { get; init; }

        public KnownHistory ToHistory() => new(
            Epoch, Token switch { Guid uuid => uuid, string text => Guid.Parse(text), _ => null }, ConfirmedSequence);
    }
}
