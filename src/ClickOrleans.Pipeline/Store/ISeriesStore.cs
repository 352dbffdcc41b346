namespace ClickOrleans.Pipeline.Store;

/// <summary>Folded clicks by the hour of their event time. Hours are whole hours of UTC, ranges half open.</summary>
public interface ISeriesStore
{
    /// <summary>The hours that have clicks, in order.</summary>
    Task<IReadOnlyList<HourlyClicks>> GetHoursAsync(
        SeriesScope scope, DateTime from, DateTime to, CancellationToken cancellationToken);

    /// <summary>
    /// Different visitors of the whole site in each of the ranges between two boundaries, which are whole hours in order.
    /// </summary>
    Task<IReadOnlyList<long>> GetVisitorsAsync(IReadOnlyList<DateTime> boundaries, CancellationToken cancellationToken);

    /// <summary>The whole site and every page of an hour, the site first.</summary>
    Task<IReadOnlyList<SeriesRow>> GetRowsAsync(DateTime hour, CancellationToken cancellationToken);

    /// <summary>The urls with most clicks in a range, all countries together.</summary>
    Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(
        DateTime from, DateTime to, int limit, CancellationToken cancellationToken);

    /// <summary>The countries with most clicks in a range.</summary>
    Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(
        DateTime from, DateTime to, int limit, CancellationToken cancellationToken);
}

/// <summary>Which clicks: those of a page, of a country, of a page in a country, or of the whole site.</summary>
public sealed record SeriesScope(string? Url = null, string? Country = null)
{
    public static readonly SeriesScope Site = new();

    public bool IsSite => Url is null && Country is null;
}

/// <param name="PageId">0: the whole site, which has neither url nor country.</param>
/// <param name="Visitors">Of the whole site only.</param>
public sealed record SeriesRow(DateTime Hour, long PageId, string? Url, string? Country, long Clicks, long? Visitors);

/// <param name="Hour">Its beginning.</param>
/// <param name="Visitors">Different visitors of the whole site; null for anything else.</param>
public sealed record HourlyClicks(DateTime Hour, long Clicks, long? Visitors = null);
