using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>Counts the folded clicks again by page and hour, and compares them with the series.</summary>
internal sealed class SeriesRecount(StoreState state, int? pages)
{
    public IEnumerable<SeriesDifference> Differences()
    {
        var sampled = RollupRecount.Sample(state, pages, phase: 0).ToHashSet();
        var recounted = Recount();
        return state.Series.Keys.Union(recounted.Keys)
            .Where(bucket => bucket.PageId == 0 || pages is null || sampled.Contains(bucket.PageId))
            .Where(bucket => state.Series.GetValueOrDefault(bucket) != recounted.GetValueOrDefault(bucket))
            .Order()
            .Select(bucket =>
            {
                var rollup = state.Rollups.GetValueOrDefault(bucket.PageId)?.Rollup;
                return new SeriesDifference(
                    bucket.PageId, rollup?.Url, rollup?.Country, bucket.Hour,
                    state.Series.GetValueOrDefault(bucket), recounted.GetValueOrDefault(bucket));
            });
    }

    public static IEnumerable<VisitorDifference> Visitors(StoreState state)
    {
        var recounted = Folded(state)
            .Select(click => (Hour: click.Timestamp.Date.AddHours(click.Timestamp.Hour), User: click.UserId))
            .Distinct()
            .CountBy(visit => visit.Hour)
            .ToDictionary();
        var kept = state.SiteVisits.CountBy(visit => visit.Hour).ToDictionary();
        return kept.Keys.Union(recounted.Keys).Order()
            .Where(hour => kept.GetValueOrDefault(hour) != recounted.GetValueOrDefault(hour))
            .Select(hour => new VisitorDifference(
                "click_series", hour, kept.GetValueOrDefault(hour), recounted.GetValueOrDefault(hour)));
    }

    private static IEnumerable<Click> Folded(StoreState state) => state.IsSeriesBehind
        ? []
        : state.Partitions.Values.SelectMany(rows => rows.Clicks.Where(rows.IsFolded)).Select(click => click.Click);

    private Dictionary<(long PageId, DateTime Hour), long> Recount()
    {
        return Folded(state)
            .SelectMany(click => PagesOf(click).Select(page => (page, click.Timestamp.Date.AddHours(click.Timestamp.Hour))))
            .CountBy(bucket => bucket)
            .ToDictionary(count => count.Key, count => (long)count.Value);
    }

    private IEnumerable<long> PagesOf(Click click)
    {
        yield return 0;
        if (state.PageIds.TryGetValue((click.Url, click.Country), out var page) && state.Rollups.ContainsKey(page))
        {
            yield return page;
        }
    }
}
