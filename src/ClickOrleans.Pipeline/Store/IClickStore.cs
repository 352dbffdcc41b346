using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Store;

/// <summary>
/// The click store as consumers see it: one transaction holds clicks, dead letters and the consumed offset, so that a click
/// is stored exactly once whoever dies when. Safe for use by many threads.
/// </summary>
public interface IClickStore
{
    /// <summary>The number under which rows name this log; drawn at its first registration.</summary>
    Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken);

    /// <summary>With which users' ids are hashed; drawn with the tables.</summary>
    Task<VisitorKey> GetVisitorKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Where a partition is to be read from: the stored offset, or <paramref name="earliest"/>, stored now, if it is new.
    /// </summary>
    /// <exception cref="RowsAheadException">There are rows at or above the stored offset.</exception>
    Task<StoredPosition> StartPartitionAsync(short logId, int partition, long earliest, CancellationToken cancellationToken);

    /// <summary>The event ids of the clicks at these offsets, in order of offset; clicks without one are left out.</summary>
    Task ReadEventIdsAsync(
        short logId, int partition, OffsetRange offsets, Action<long, Guid> take, CancellationToken cancellationToken);

    /// <summary>The event ids of clicks by their offset; of one that has none, or is not there, there is none.</summary>
    Task<IReadOnlyDictionary<long, Guid>> FindEventIdsAsync(
        short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the batch and moves the partition's offset from <see cref="ClickBatch.ExpectedOffset"/> to
    /// <see cref="ClickBatch.NextOffset"/>, all or nothing.
    /// </summary>
    /// <returns>
    /// False when the stored offset or revision was another, or the partition is stopped: another consumer owns it, or somebody
    /// inserted clicks beside this one; nothing was stored.
    /// </returns>
    /// <exception cref="RejectedByStoreException">
    /// A row is refused as data; nothing was stored. That there is a row at its offset says nothing against the data and is
    /// another exception.
    /// </exception>
    Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a partition's offset over offsets that the log lost before they were read (retention), and remembers the range
    /// for <c>verify</c>. Only ever called by an operator's word.
    /// </summary>
    /// <returns>False when the stored offset was not the range's start.</returns>
    Task<bool> AcceptLossAsync(short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken);

    /// <summary>
    /// Stops a partition whose log went back, until <see cref="AcceptDivergenceAsync"/> or <see cref="AdoptLogAsync"/>: across
    /// restarts, and whoever consumes it. One that is stopped already stays as it is.
    /// </summary>
    /// <param name="nextOffset">The stored offset that this was found at.</param>
    /// <param name="divergedOffset">Here, at the latest, the log is another than what was read.</param>
    /// <returns>False when the stored offset was another.</returns>
    Task<bool> StopPartitionAsync(
        short logId, int partition, long nextOffset, long divergedOffset, DateTime at, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a stopped partition go on at its offset, and remembers the range in which the log holds other records than those that
    /// were read for <c>verify</c>. Only ever called by an operator's word.
    /// </summary>
    /// <returns>False when the stored offset was another, or the partition is not stopped.</returns>
    Task<bool> AcceptDivergenceAsync(DivergenceAcceptance acceptance, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a stopped partition a number of its own: <see cref="StartPartitionAsync"/> and <see cref="GetProgressAsync"/> of the
    /// log name that from now on. What is stored stays, under the number that it had. Only ever called by an operator's word.
    /// </summary>
    /// <returns>False when what is replaced has changed, or the partition is not stopped.</returns>
    Task<bool> AdoptLogAsync(PartitionAdoption adoption, CancellationToken cancellationToken);

    /// <summary>The sums over all logs and partitions. Cheap: read from counters that the transactions keep.</summary>
    Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken);

    /// <summary>Every partition's progress in the log with this number, by partition.</summary>
    Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken);
}

/// <param name="Stored">Clicks in the store.</param>
/// <param name="DeadLetters">Dead letters neither retried nor discarded.</param>
/// <param name="Folded">Clicks in the rollups.</param>
/// <param name="Rollups">Rollup rows.</param>
/// <param name="Indexed">Rollup rows whose current version the index has acknowledged.</param>
/// <param name="IndexRejected">Rollup rows whose current version the index refused.</param>
/// <param name="Duplicates">Messages that repeat the event id of a click.</param>
public sealed record StoreTotals(
    long Stored, long DeadLetters, long Folded, long Rollups, long Indexed, long IndexRejected, long Duplicates = 0);

/// <param name="StartOffset">Where the partition was first read from.</param>
/// <param name="NextOffset">Everything below is stored.</param>
/// <param name="FoldedOffset">Everything below is folded.</param>
/// <param name="DivergedOffset">Set while the partition is stopped because its log went back.</param>
public sealed record PartitionProgress(
    int Partition, long StartOffset, long NextOffset, long FoldedOffset, long? DivergedOffset = null);
