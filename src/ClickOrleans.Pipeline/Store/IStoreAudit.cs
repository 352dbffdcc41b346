using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Store;

/// <summary>The store as <c>verify</c> sees it.</summary>
public interface IStoreAudit
{
    /// <summary>Opens one consistent snapshot: what is committed later is not seen through it.</summary>
    Task<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken);
}

/// <summary>One consistent state of the store. Used by one caller at a time.</summary>
public interface IStoreSnapshot : IAsyncDisposable
{
    Task<IReadOnlyList<AuditedPartition>> GetPartitionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The offsets of [start, next) that have neither a click nor a dead letter (kept or discarded) nor a duplicate nor an
    /// accepted loss, in order; at most <paramref name="limit"/> ranges.
    /// </summary>
    Task<IReadOnlyList<OffsetRange>> FindGapsAsync(AuditedPartition partition, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Offsets outside of [start, next) that have a row, or more than one of click, dead letter and duplicate; at most
    /// <paramref name="limit"/>.
    /// </summary>
    Task<IReadOnlyList<long>> FindStrayOffsetsAsync(AuditedPartition partition, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The offsets of a partition that were read under each of its numbers, the latest first, up to where the next begins.
    /// </summary>
    /// <param name="logId">The number that the log is registered under.</param>
    Task<IReadOnlyList<ReadRange>> GetReadRangesAsync(short logId, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The ranges in which an operator accepted that the log holds other records than those that were read, in order.
    /// </summary>
    Task<IReadOnlyList<DivergedRange>> GetDivergedRangesAsync(AuditedPartition partition, CancellationToken cancellationToken);

    /// <summary>The digests kept with the commits of a partition, in order of offset.</summary>
    Task<IReadOnlyList<StoredDigest>> GetDigestsAsync(AuditedPartition partition, CancellationToken cancellationToken);

    /// <summary>Clicks, dead letters and duplicates of a range of offsets, in order of offset.</summary>
    Task<IReadOnlyList<AuditedRecord>> ReadRecordsAsync(
        AuditedPartition partition, OffsetRange offsets, CancellationToken cancellationToken);

    /// <summary>The clicks that the rollups claim, against the clicks that the aggregation offsets say were folded.</summary>
    Task<FoldedSums> GetFoldedSumsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Counts the folded clicks again, for every rollup if <paramref name="pages"/> is null, else for so many, spread evenly,
    /// and names each that differs, rollups that are missing included; at most <paramref name="limit"/>.
    /// </summary>
    /// <param name="phase">From 0 to 1: which of the rollups; another one each time finds in time what one misses.</param>
    Task<IReadOnlyList<RollupDifference>> RecountAsync(
        int? pages, double phase, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the clicks that are in the series again by the hour, for the site and for as many pages as
    /// <see cref="RecountAsync"/>, and names each hour that differs; at most <paramref name="limit"/>.
    /// </summary>
    Task<IReadOnlyList<SeriesDifference>> RecountSeriesAsync(int? pages, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the site's visitors again by hour and day, and names each that differs; at most <paramref name="limit"/>.
    /// </summary>
    Task<IReadOnlyList<VisitorDifference>> RecountVisitorsAsync(int limit, CancellationToken cancellationToken);
}

/// <param name="Stored">The partition's counter of stored clicks.</param>
/// <param name="Folded">The partition's counter of folded clicks.</param>
/// <param name="TopicId">Of the topic that it was read from; of an adopted partition the topic's, too.</param>
/// <param name="ReplacedFrom">From here on the log is another, which an operator adopted; null where it is not.</param>
/// <param name="DivergedOffset">Set while the partition is stopped because its log went back.</param>
/// <param name="Duplicates">The partition's counter of duplicates.</param>
public sealed record AuditedPartition(
    short LogId,
    string Topic,
    Guid TopicId,
    int Partition,
    long StartOffset,
    long NextOffset,
    long FoldedOffset,
    long Stored,
    long Folded,
    long StoredRows,
    long? ReplacedFrom = null,
    long? DivergedOffset = null,
    long Duplicates = 0,
    long DuplicateRows = 0);

/// <param name="Day">Of the commits, UTC.</param>
/// <param name="Offsets">Consumed by these commits, one after another.</param>
/// <param name="Clicks">How many they stored; those that a retry stored at these offsets are none of them.</param>
/// <param name="Digest">Of those: <see cref="ClickDigest"/>.</param>
public sealed record StoredDigest(string Day, OffsetRange Offsets, long Clicks, long Digest);

/// <param name="At">When it was accepted.</param>
public sealed record DivergedRange(OffsetRange Offsets, DateTime At);

/// <summary>A click, a dead letter or a duplicate at an offset.</summary>
/// <param name="Click">Null for a dead letter and a duplicate.</param>
/// <param name="DeadLetterPayload">Null for a click, a tombstone and a discarded dead letter.</param>
/// <param name="IsRetried">The click was stored by a retry, by an operator's word: the log's message may be another.</param>
public sealed record AuditedRecord(
    long Offset, Click? Click, byte[]? DeadLetterPayload, bool IsDeadLetter, bool IsDiscarded, bool IsRetried,
    AuditedDuplicate? Duplicate = null);

/// <param name="EventId">Of the click that it repeats; null where there is none with an id at that offset.</param>
public sealed record AuditedDuplicate(long OriginalOffset, Guid? EventId);

/// <param name="RollupClicks">Sum of <c>click_rollups.clicks</c>.</param>
/// <param name="FoldedClicks">Clicks below the aggregation offsets that are folded.</param>
/// <param name="RollupUsers">Sum of <c>click_rollups.unique_users</c>.</param>
/// <param name="Visitors">Rows of <c>click_visitors</c>.</param>
public sealed record FoldedSums(long RollupClicks, long FoldedClicks, long RollupUsers, long Visitors, long Rollups);

/// <param name="Place">The table.</param>
/// <param name="From">The beginning of the hour or the day.</param>
/// <param name="Kept">Visitors, or of <c>site_visitors</c> the day's rows that are not as recounted.</param>
public sealed record VisitorDifference(string Place, DateTime From, long Kept, long Recounted);

/// <param name="PageId">0: the site.</param>
/// <param name="Url">Null for the site, and where the page has no rollup.</param>
public sealed record SeriesDifference(
    long PageId, string? Url, string? Country, DateTime Hour, long InSeries, long Recounted)
{
    public override string ToString() => PageId == 0 ? "the site"
        : Url is null ? $"page {PageId}, which has no rollup,"
        : $"url '{Url}' country '{Country}'";
}

/// <param name="Field">The column that differs.</param>
public sealed record RollupDifference(string Url, string Country, string Field, string InRollup, string Recounted);
