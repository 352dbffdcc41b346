using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Conformance.Index;

/// <summary>Documents for tests of an index, made from rollups as the pipeline makes them.</summary>
public static class SampleDocuments
{
    private static readonly DateTime First = new DateTime(2024, 2, 29, 23, 59, 58, DateTimeKind.Utc).AddTicks(1234560);

    public static Rollup Rollup(string url, string country, long clicks = 1, long version = 1, long pageId = 1) => new(
        pageId,
        url,
        country,
        clicks,
        Math.Max(1, clicks / 2),
        First,
        First.AddSeconds(clicks % 1_000_000_000),
        First.AddDays(1).AddTicks(7),
        version,
        0);

    public static IndexDocument Of(string url, string country, long clicks = 1, long version = 1) =>
        IndexDocument.From(Rollup(url, country, clicks, version));
}
