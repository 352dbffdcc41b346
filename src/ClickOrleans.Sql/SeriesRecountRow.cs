using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>An hour of a page or of the site, and the same recounted from its clicks; either side may be missing.</summary>
internal sealed class SeriesRecountRow
{
    public long PageId { get; init; }
    public string? Url { get; init; }
    public string? Country { get; init; }
    public DateTime Hour { get; init; }
    public long? Clicks { get; init; }
    public long? RecountedClicks { get; init; }

    public SeriesDifference ToDifference() => new(PageId, Url, Country, Hour, Clicks ?? 0, RecountedClicks ?? 0);
}
