namespace ClickOrleans.Pipeline.Store;

/// <summary>What is known of one page in one country: a row of <c>click_rollups</c>.</summary>
/// <param name="PageId">The row's own number; (url, country) is what identifies a page.</param>
/// <param name="UniqueUsers">Exact number of different visitors.</param>
/// <param name="Version">Grows with every change; the external version of the index document.</param>
/// <param name="IndexedVersion">The last version the index acknowledged; 0 = none.</param>
public sealed record Rollup(
    long PageId,
    string Url,
    string Country,
    long Clicks,
    long UniqueUsers,
    DateTime FirstClick,
    DateTime LastClick,
    DateTime UpdatedAt,
    long Version,
    long IndexedVersion)
{
    /// <summary>(last click - first click) / unique users, in whole seconds, rounded down.</summary>
    public long AverageTimeSeconds =>
        UniqueUsers == 0 ? 0 : (LastClick - FirstClick).Ticks / UniqueUsers / TimeSpan.TicksPerSecond;
}
