using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Pipeline.Store;

/// <summary>The click store as aggregation sees it: folds new clicks into rollups and keeps what the index has.</summary>
public interface IRollupStore
{
    /// <summary>
    /// Folds at most about <paramref name="maxClicks"/> clicks that are not folded yet into the rollups and moves the aggregation
    /// offsets, in one transaction, fenced by compare-and-set against a second aggregation. A new rollup's first version is
    /// <see cref="RollupVersion.Before"/> + 1. The same transaction adds the clicks to the hours of their event time, and where
    /// clicks were folded without them, by the version before, about as many of those.
    /// </summary>
    Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken);

    /// <summary>
    /// Hashes the visitors of some clicks that a version without hashes stored. A fold does not wait for it: it hashes what it
    /// needs itself.
    /// </summary>
    /// <returns>False when there are none (any more).</returns>
    Task<bool> HashVisitorsAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>
    /// The <see cref="ClickBatch.Traceparent"/> of each partition's last batch that had one and is not folded yet; at most
    /// <paramref name="limit"/>.
    /// </summary>
    Task<IReadOnlyList<string>> GetUnfoldedTracesAsync(int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// Up to <paramref name="limit"/> rollups whose current version the index has neither acknowledged nor refused.
    /// </summary>
    Task<IReadOnlyList<Rollup>> GetUnindexedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Records what the index answered. A mark never moves backwards.</summary>
    Task MarkIndexedAsync(IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken);

    /// <summary>
    /// Says which index the marks are about. If it is another than before, every mark is taken back in the same transaction,
    /// so that the new index is filled from the rollups.
    /// </summary>
    /// <returns>True if the marks were taken back.</returns>
    Task<bool> UseIndexAsync(string indexIdentity, CancellationToken cancellationToken);

    /// <summary>
    /// Compares the state found in the index with what the store remembers, and in the same transaction prepares the rollups for
    /// being indexed again where either went back to an earlier time.
    /// </summary>
    /// <param name="found">Null: the index has none.</param>
    Task<IndexHistory> CompareHistoryAsync(IndexState? found, CancellationToken cancellationToken);

    /// <summary>
    /// The index that had a state already when this store, which never had one, was compared with it first: its documents may be
    /// another store's.
    /// </summary>
    /// <returns>Its identity; null: none.</returns>
    Task<string?> GetKeptIndexAsync(CancellationToken cancellationToken);

    /// <summary>Draws and remembers the next state to be written to the index.</summary>
    /// <param name="indexSequence">What the index has; 0 = nothing. The new sequence is above it and above the store's
    /// own.</param>
    /// <param name="token">Random.</param>
    Task<IndexState> AdvanceHistoryAsync(long indexSequence, Guid token, CancellationToken cancellationToken);

    /// <summary>The index is known to have the state of this sequence.</summary>
    Task ConfirmHistoryAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Raises versions above those of documents that are in their way.</summary>
    Task RaiseVersionsAsync(IReadOnlyList<VersionRaise> raises, CancellationToken cancellationToken);

    /// <summary>Takes back the marks of rollups that are still in these versions: their documents are to be sent again.</summary>
    Task UnmarkAsync(IReadOnlyList<RollupMark> marks, CancellationToken cancellationToken);

    /// <summary>Rollups by <see cref="Rollup.PageId"/>, those above <paramref name="afterPageId"/> first.</summary>
    Task<IReadOnlyList<Rollup>> ReadRollupsAsync(long afterPageId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Rollups that the index refused in their current version, by <see cref="Rollup.PageId"/>, those above
    /// <paramref name="afterPageId"/> first: to be sent again.
    /// </summary>
    Task<IReadOnlyList<Rollup>> ReadRejectedAsync(long afterPageId, int limit, CancellationToken cancellationToken);

    /// <summary>Rollups that the index refused in their current version, with its reasons, latest first.</summary>
    Task<IReadOnlyList<RejectedRollup>> GetRejectedAsync(int limit, CancellationToken cancellationToken);
}

/// <param name="Clicks">Clicks folded by this call.</param>
/// <param name="Rollups">Rollup rows made or changed by this call.</param>
/// <param name="More">True if there may be more to fold.</param>
/// <param name="SeriesBehind">True if clicks are folded and not yet in the series: further calls add them.</param>
public sealed record FoldResult(long Clicks, int Rollups, bool More, bool SeriesBehind = false);

/// <param name="Error">Null: acknowledged. Else the index's reason for refusing this version.</param>
public sealed record IndexedMark(long PageId, long Version, string? Error);

/// <summary>A rollup that the index refused.</summary>
public sealed record RejectedRollup(string Url, string Country, long Version, string Error);
