using System.Text.Json.Serialization;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Index;

/// <summary>A rollup as the index stores it. Its id and version are metadata of the document, not fields of its JSON.</summary>
/// <param name="Id">Derived from (url, country): <see cref="DocumentId"/>.</param>
/// <param name="Version">The rollup's version; the index never replaces a newer one by an older one.</param>
public sealed record IndexDocument(
    [property: JsonIgnore] string Id,
    [property: JsonIgnore] long Version,
    string Url,
    string Country,
    long Clicks,
    long UniqueUsers,
    string AverageTime,
    long AverageTimeSeconds,
    DateTime FirstClick,
    DateTime LastClick,
    DateTime UpdatedAt)
{
    public static IndexDocument From(Rollup rollup) => new(
        DocumentId.Of(rollup.Url, rollup.Country),
        rollup.Version,
        rollup.Url,
        rollup.Country,
        rollup.Clicks,
        rollup.UniqueUsers,
        FormatHours(rollup.AverageTimeSeconds),
        rollup.AverageTimeSeconds,
        rollup.FirstClick,
        rollup.LastClick,
        rollup.UpdatedAt);

    /// <summary><c>HH:mm:ss</c>; hours may exceed 24.</summary>
    private static string FormatHours(long seconds) => $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}";
}
