using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>
/// The store as aggregation sees it. Transactions run one after the other, so two aggregations cannot fold the same click.
/// </summary>
internal sealed class InMemoryRollupStore(InMemoryConnection connection) : IRollupStore
{
    public Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxClicks, 1);
        return connection.WriteAsync("fold", state => new FoldStep(state, maxClicks, now).Run(), cancellationToken);
    }

    public Task<IReadOnlyList<string>> GetUnfoldedTracesAsync(int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<string>>(
            "unfolded_traces",
            state =>
            [
                .. state.Partitions.Values
                    .Where(rows => rows.Consumed is { Traceparent: not null } consumed && consumed.Traced > rows.FoldedOffset)
                    .Select(rows => rows.Consumed!.Traceparent!)
                    .Take(limit),
            ],
            cancellationToken);

    public Task<IReadOnlyList<Rollup>> GetUnindexedAsync(int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<Rollup>>(
            "unindexed_rollups",
            state => [.. state.Rollups.Values.Where(row => row.IsUnindexed).Take(limit).Select(row => row.Rollup)],
            cancellationToken);

    public Task MarkIndexedAsync(IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken) => connection.WriteAsync(
        "mark_indexed",
        state => (marks.OrderBy(mark => mark.Error is not null).Aggregate(state, Mark), true),
        cancellationToken);

    public Task<bool> UseIndexAsync(string indexIdentity, CancellationToken cancellationToken) => connection.WriteAsync(
        "use_index",
        state =>
        {
            if (state.IndexIdentity == indexIdentity)
            {
                return (state, false);
            }

            var unmarked = state.Rollups.ToDictionary(
                entry => entry.Key, entry => new RollupRow(entry.Value.Rollup with { IndexedVersion = 0 }));
            return (state with { IndexIdentity = indexIdentity, Rollups = state.Rollups.SetItems(unmarked) }, true);
        },
        cancellationToken);

    public Task<IndexHistory> CompareHistoryAsync(IndexState? found, CancellationToken cancellationToken) =>
        connection.WriteAsync("compare_history", state => InMemoryHistory.Compare(state, found), cancellationToken);

    public Task<string?> GetKeptIndexAsync(CancellationToken cancellationToken) =>
        connection.ReadAsync("kept_index", state => state.KeptIndex, cancellationToken);

    public Task<IndexState> AdvanceHistoryAsync(long indexSequence, Guid token, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            "advance_history", state => InMemoryHistory.Advance(state, indexSequence, token), cancellationToken);

    public Task ConfirmHistoryAsync(long sequence, CancellationToken cancellationToken) => connection.WriteAsync(
        "confirm_history", state => (InMemoryHistory.Confirm(state, sequence), true), cancellationToken);

    public Task RaiseVersionsAsync(IReadOnlyList<VersionRaise> raises, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            "raise_versions",
            state => (raises.Aggregate(state, (raised, raise) => Change(raised, raise.PageId, raise.Version, row => row with
            {
                Rollup = row.Rollup with { Version = Math.Max(row.Rollup.Version, raise.Above) + 1 },
            })), true),
            cancellationToken);

    public Task UnmarkAsync(IReadOnlyList<RollupMark> marks, CancellationToken cancellationToken) => connection.WriteAsync(
        "unmark",
        state => (marks.Aggregate(state, (unmarked, mark) => Change(unmarked, mark.PageId, mark.Version, row => row with
        {
            Rollup = row.Rollup with
            {
                IndexedVersion = row.Rollup.IndexedVersion == mark.Version ? 0 : row.Rollup.IndexedVersion,
            },
        })), true),
        cancellationToken);

    public Task<IReadOnlyList<Rollup>> ReadRollupsAsync(long afterPageId, int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<Rollup>>(
            "read_rollups",
            state => [.. state.Rollups.Values.SkipWhile(row => row.PageId <= afterPageId).Take(limit).Select(row => row.Rollup)],
            cancellationToken);

    public Task<IReadOnlyList<Rollup>> ReadRejectedAsync(long afterPageId, int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<Rollup>>(
            "read_rejected_rollups",
            state =>
            [
                .. state.Rollups.Values.Where(row => row.IsRejected && row.PageId > afterPageId)
                    .Take(limit)
                    .Select(row => row.Rollup),
            ],
            cancellationToken);

    public Task<IReadOnlyList<RejectedRollup>> GetRejectedAsync(int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<RejectedRollup>>(
            "rejected_rollups",
            state =>
            [
                .. state.Rollups.Values.Where(row => row.IsRejected)
                    .OrderByDescending(row => row.Rollup.UpdatedAt).ThenByDescending(row => row.PageId)
                    .Take(limit)
                    .Select(row => new RejectedRollup(row.Rollup.Url, row.Rollup.Country, row.Rollup.Version, row.Error!)),
            ],
            cancellationToken);

    private static StoreState Change(StoreState state, long pageId, long version, Func<RollupRow, RollupRow> change) =>
        state.Rollups.GetValueOrDefault(pageId) is { } row && row.Rollup.Version == version ? state.With(change(row)) : state;

    /// <summary>A version that is acknowledged already, or that the rollup does not have yet, changes nothing.</summary>
    private static StoreState Mark(StoreState state, IndexedMark mark)
    {
        if (state.Rollups.GetValueOrDefault(mark.PageId) is not { } row ||
            mark.Version <= row.Rollup.IndexedVersion || mark.Version > row.Rollup.Version)
        {
            return state;
        }

        if (mark.Error is not null)
        {
            return row.RejectedVersion <= mark.Version
                ? state.With(row with { RejectedVersion = mark.Version, Error = mark.Error })
                : state;
        }

        var rollup = row.Rollup with { IndexedVersion = mark.Version };
        return state.With(row.RejectedVersion > mark.Version ? row with { Rollup = rollup } : new RollupRow(rollup));
    }
}
