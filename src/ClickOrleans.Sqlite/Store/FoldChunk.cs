using System.Runtime.InteropServices;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The clicks of a fold, grouped by page in memory.</summary>
internal sealed class FoldChunk
{
    private readonly Dictionary<(string Url, string Country), FoldedPage> _pages = [];

    /// <summary>Pages with clicks to fold, and pages whose clicks are new to the series only.</summary>
    public IReadOnlyCollection<FoldedPage> Pages => _pages.Values;

    /// <summary>The whole site's clicks by hour.</summary>
    public HourlyCounts Site { get; } = new();

    /// <summary>Who visited the site on which day in which hours.</summary>
    public SiteVisits SiteVisits { get; } = new();

    public long Clicks { get; private set; }

    /// <summary>Pages with clicks to fold.</summary>
    public int FoldedPages => _pages.Values.Count(page => page.Clicks > 0);

    /// <param name="timestamp">As <see cref="ClickOrleans.Sql.StoredTime"/> text, whose order is time order.</param>
    public void Add(string url, string country, long visitor, string timestamp, bool inSeries)
    {
        var page = PageOf(url, country);
        page.Add(visitor, timestamp);
        Clicks++;
        if (inSeries)
        {
            AddToSeries(page, visitor, timestamp);
        }
    }

    /// <summary>Adds a click that was folded without the series.</summary>
    public void AddToSeries(string url, string country, long visitor, string timestamp) =>
        AddToSeries(PageOf(url, country), visitor, timestamp);

    private void AddToSeries(FoldedPage page, long visitor, string timestamp)
    {
        page.Hours.Add(timestamp);
        Site.Add(timestamp);
        SiteVisits.Add(visitor, timestamp);
    }

    private FoldedPage PageOf(string url, string country)
    {
        ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, (url, country), out _);
        return page ??= new FoldedPage(url, country);
    }
}

/// <summary>The clicks of one page in a chunk.</summary>
internal sealed class FoldedPage(string url, string country)
{
    public string Url => url;
    public string Country => country;

    /// <summary>Clicks to fold.</summary>
    public long Clicks { get; private set; }

    /// <summary>Empty where there are no clicks to fold.</summary>
    public string FirstClick { get; private set; } = "";

    public string LastClick { get; private set; } = "";
    public HashSet<long> Visitors { get; } = [];

    /// <summary>The clicks that are new to the series.</summary>
    public HourlyCounts Hours { get; } = new();

    public void Add(long visitor, string timestamp)
    {
        Visitors.Add(visitor);
        if (Clicks == 0 || string.CompareOrdinal(timestamp, FirstClick) < 0)
        {
            FirstClick = timestamp;
        }

        if (Clicks == 0 || string.CompareOrdinal(timestamp, LastClick) > 0)
        {
            LastClick = timestamp;
        }

        Clicks++;
    }
}
