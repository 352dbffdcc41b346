using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>A rollup as either database gives it.</summary>
internal class RollupRow
{
    public long PageId { get; init; }
    public string Url { get; init; } = "";
    public string Country { get; init; } = "";
    public long Clicks { get; init; }
    public long UniqueUsers { get; init; }
    public StoredTime FirstClick { get; init; }
    public StoredTime LastClick { get; init; }
    public StoredTime UpdatedAt { get; init; }
    public long Version { get; init; }
    public long IndexedVersion { get; init; }

    public Rollup ToRollup() => new(
        PageId, Url, Country, Clicks, UniqueUsers, FirstClick.Utc, LastClick.Utc, UpdatedAt.Utc, Version, IndexedVersion);
}
