using System.Runtime.InteropServices;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The clicks of a fold, grouped by page in memory.</summary>
internal sealed class FoldChunk
{
    private readonly Dictionary<(string Url, string Country), FoldedPage> _pages = [];

    public IReadOnlyCollection<FoldedPage> Pages => _pages.Values;

    public long Clicks { get; private set; }

    /// <param name="timestamp">As <see cref="ClickOrleans.Sql.StoredTime"/> text, whose order is time order.</param>
    public void Add(string url, string country, long visitor, string timestamp)
    {
        ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, (url, country), out _);
        page ??= new FoldedPage(url, country, timestamp);
        page.Add(visitor, timestamp);
        Clicks++;
    }
}

/// <summary>The clicks of one page in a chunk.</summary>
internal sealed class FoldedPage(string url, string country, string timestamp)
{
    public string Url => url;
    public string Country => country;
    public long Clicks { get; private set; }
    public string FirstClick { get; private set; } = timestamp;
    public string LastClick { get; private set; } = timestamp;
    public HashSet<long> Visitors { get; } = [];

    public void Add(long visitor, string timestamp)
    {
        Clicks++;
        Visitors.Add(visitor);
        if (string.CompareOrdinal(timestamp, FirstClick) < 0)
        {
            FirstClick = timestamp;
        }

        if (string.CompareOrdinal(timestamp, LastClick) > 0)
        {
            LastClick = timestamp;
        }
    }
}
