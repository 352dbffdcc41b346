using System.Collections.Immutable;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>One transaction of a fold: adds at most so many clicks that are not folded to their rollups.</summary>
internal sealed class FoldStep(StoreState state, int maxClicks, DateTime now)
{
    private readonly List<Click> _taken = [];
    private StoreState _state = state;

    private int Left => maxClicks - _taken.Count;

    public (StoreState State, FoldResult Result) Run()
    {
        if (_state.IsSeriesBehind)
        {
            FillSeries();
        }

        foreach (var key in _state.Partitions.Keys)
        {
            Take(key, TakeRetried);
        }

        foreach (var key in _state.Partitions.Keys)
        {
            Take(key, TakeNext);
        }

        var pages = _taken.GroupBy(click => (click.Url, click.Country)).ToList();
        pages.ForEach(page => AddToRollup(page.Key, [.. page]));
        return (_state, new FoldResult(_taken.Count, pages.Count, _state.Partitions.Values.Any(HasMore)));
    }

    private void FillSeries()
    {
        var folded = _state.Partitions.Values.SelectMany(rows => rows.Clicks.Where(rows.IsFolded)).Select(click => click.Click);
        foreach (var page in folded.GroupBy(click => (click.Url, click.Country)))
        {
            AddToSeries(_state.PageIds[page.Key], [.. page]);
        }

        _state = _state with { IsSeriesBehind = false };
    }

    private static DateTime HourOf(Click click) => click.Timestamp.Date.AddHours(click.Timestamp.Hour);

    private void AddToSeries(long pageId, List<Click> clicks)
    {
        var series = _state.Series.ToBuilder();
        foreach (var hour in clicks.GroupBy(HourOf))
        {
            series[(pageId, hour.Key)] = series.GetValueOrDefault((pageId, hour.Key)) + hour.Count();
            series[(0, hour.Key)] = series.GetValueOrDefault((0, hour.Key)) + hour.Count();
        }

        _state = _state with
        {
            Series = series.ToImmutable(),
            SiteVisits = _state.SiteVisits.Union(clicks.Select(click => (HourOf(click), click.UserId))),
        };
    }

    private static bool HasMore(PartitionRows rows) =>
        rows.Consumed?.Next > rows.FoldedOffset || rows.RetriedUnfolded.Any(offset => offset < rows.FoldedOffset);

    private void Take(PartitionKey key, Func<PartitionRows, PartitionRows> take)
    {
        var rows = _state.Find(key);
        var taken = take(rows);
        if (!ReferenceEquals(taken, rows))
        {
            _state = _state.With(key, taken);
        }
    }

    /// <summary>Clicks of retried dead letters that lie below the partition's aggregation offset.</summary>
    private PartitionRows TakeRetried(PartitionRows rows)
    {
        var offsets = rows.RetriedUnfolded.TakeWhile(offset => offset < rows.FoldedOffset).Take(Left).ToList();
        if (offsets.Count == 0)
        {
            return rows;
        }

        _taken.AddRange(offsets.Select(offset => rows.FindClick(offset)!.Value.Click));
        return rows with
        {
            RetriedUnfolded = rows.RetriedUnfolded.Except(offsets),
            Aggregated = rows.Aggregated! with { Folded = rows.Aggregated.Folded + offsets.Count },
        };
    }

    private PartitionRows TakeNext(PartitionRows rows)
    {
        var start = rows.FoldedOffset;
        if (Left == 0 || rows.Consumed is not { } consumed || consumed.Next <= start)
        {
            return rows;
        }

        var clicks = rows.ClicksIn(new(start, consumed.Next)).Take(Left + 1).ToList();
        var end = clicks.Count > Left ? clicks[Left].Offset : consumed.Next;
        clicks = [.. clicks.Take(Left)];
        _taken.AddRange(clicks.Select(click => click.Click));
        return rows with
        {
            RetriedUnfolded = rows.RetriedUnfolded.Except(rows.RetriedUnfolded.Where(offset => offset >= start && offset < end)),
            Aggregated = new AggregationOffset(end, (rows.Aggregated?.Folded ?? 0) + clicks.Count),
        };
    }

    private void AddToRollup((string Url, string Country) page, List<Click> clicks)
    {
        var isNew = !_state.PageIds.TryGetValue(page, out var pageId);
        pageId = isNew ? _state.PageIds.Count + 1 : pageId;
        var (known, first, last) = (
            _state.Visitors.GetValueOrDefault(pageId) ?? ImmutableHashSet<string>.Empty,
            clicks.Min(click => click.Timestamp),
            clicks.Max(click => click.Timestamp));
        var visitors = known.Union(clicks.Select(click => click.UserId));
        var row = isNew
            ? new RollupRow(new Rollup(
                pageId, page.Url, page.Country, 0, 0, first, last, now, RollupVersion.Before(_state.Epoch), 0))
            : _state.Rollups[pageId];
        var rollup = row.Rollup;
        rollup = rollup with
        {
            Clicks = rollup.Clicks + clicks.Count,
            UniqueUsers = rollup.UniqueUsers + visitors.Count - known.Count,
            FirstClick = first < rollup.FirstClick ? first : rollup.FirstClick,
            LastClick = last > rollup.LastClick ? last : rollup.LastClick,
            UpdatedAt = now,
            Version = rollup.Version + 1,
        };
        _state = _state.With(row with { Rollup = rollup }) with
        {
            PageIds = _state.PageIds.SetItem(page, pageId),
            Visitors = _state.Visitors.SetItem(pageId, visitors),
        };
        AddToSeries(pageId, clicks);
    }
}
