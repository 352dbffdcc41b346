using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="ISeriesStore"/>, and of what folds and audits keep of it.</summary>
public abstract class SeriesStoreConformance : StoreConformance
{
    private static readonly DateTime First = new(2026, 2, 27, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime End = First.AddDays(5);

    [Fact]
    public async Task An_empty_store_has_no_hours()
    {
        Assert.Empty(await HoursAsync(SeriesScope.Site));
        Assert.Empty(await HoursAsync(new SeriesScope("/0", "NL")));
        Assert.Empty(await Store.Series.GetTopPagesAsync(First, End, 10, Cancellation));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("/1", null)]
    [InlineData(null, "BE")]
    [InlineData("/2", "NL")]
    [InlineData("/none", null)]
    public async Task Hours_equal_a_recount_in_whatever_order_clicks_come(string? url, string? country)
    {
        var clicks = await CommitShuffledAsync();

        await FoldAllAsync(37);

        await AssertHoursAsync(clicks, new SeriesScope(url, country));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_late_click_moves_the_hour_in_which_it_happened()
    {
        await CommitAsync(Batch(0, 3, offset => ClickAt(Noon.AddHours(offset))));
        await FoldAllAsync();

        await CommitAsync(Batch(3, 4, _ => ClickAt(Noon.AddMinutes(59))));
        await FoldAllAsync();

        Assert.Equal([2, 1, 1], (await HoursAsync(SeriesScope.Site)).Select(hour => hour.Clicks));
        Assert.Equal([2, 1, 1], (await HoursAsync(new SeriesScope("/home"))).Select(hour => hour.Clicks));
    }

    [Fact]
    public async Task A_range_is_half_open()
    {
        await CommitAsync(Batch(0, 4, offset => ClickAt(Noon.AddHours(offset))));
        await FoldAllAsync();

        foreach (var scope in new[] { SeriesScope.Site, new SeriesScope("/home"), new SeriesScope(Country: "NL") })
        {
            var hours = await Store.Series.GetHoursAsync(scope, Noon.AddHours(1), Noon.AddHours(3), Cancellation);
            Assert.Equal([Noon.AddHours(1), Noon.AddHours(2)], hours.Select(hour => hour.Hour));
            Assert.All(hours, hour => Assert.Equal(DateTimeKind.Utc, hour.Hour.Kind));
        }
    }

    [Fact]
    public async Task A_retried_dead_letter_is_counted_in_its_hour_once()
    {
        await CommitAsync(Batch(0, 10, offset => offset is 3 or 7 ? null : ClickAt(Noon)));
        await FoldAllAsync(5);
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 3), ClickAt(Noon.AddHours(1)), Cancellation);
        await FoldAllAsync(5);
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 7), ClickAt(Noon.AddHours(1)), Cancellation);
        await FoldAllAsync(5);

        Assert.Equal([8, 2], (await HoursAsync(SeriesScope.Site)).Select(hour => hour.Clicks));
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Clicks_folded_without_the_series_are_added_while_others_are_folded(int seed)
    {
        var random = new Random(seed);
        var clicks = await CommitShuffledAsync(seed);
        await FoldAllAsync();
        foreach (var table in new[] { "click_series", "site_visitors", "site_days" })
        {
            await Store.ExecuteAsync($"delete from {table}");
        }

        await Store.ExecuteAsync("update aggregation_offsets set series_offset = null");

        for (var next = 300L; ; next += 5)
        {
            var (retried, added) = (Made(random), Enumerable.Range(0, 5).Select(_ => Made(random)).ToList());
            var letter = (next - 300) / 5 * 10;
            if (letter < 300)
            {
                Assert.True(await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, letter), retried, Cancellation));
                await CommitAsync(Batch(next, next + 5, offset => added[(int)(offset - next)]));
                clicks.AddRange([retried, .. added]);
            }

            var result = await Store.Rollups.FoldAsync(random.Next(3, 15), Noon, Cancellation);
            await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
            Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
            Assert.Empty(await snapshot.RecountVisitorsAsync(10, Cancellation));
            if (result is { More: false, SeriesBehind: false } && letter >= 300)
            {
                break;
            }
        }

        await AssertHoursAsync(clicks, SeriesScope.Site);
        await AssertHoursAsync(clicks, new SeriesScope("/1"));
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(22, 24)]
    [InlineData(5, 23)]
    [InlineData(0, 25)]
    [InlineData(7, 1)]
    public async Task Visitors_of_the_site_are_counted_once_in_each_range(int first, int hours)
    {
        var clicks = await CommitShuffledAsync();
        await FoldAllAsync(37);
        List<DateTime> boundaries = [.. Enumerable.Range(0, 4).Select(number => First.AddHours(first + (number * hours)))];

        var visitors = await Store.Series.GetVisitorsAsync(boundaries, Cancellation);

        Assert.Equal(
            boundaries.Zip(boundaries.Skip(1), (from, to) => clicks
                .Where(click => click.Timestamp >= from && click.Timestamp < to)
                .Select(click => click.UserId)
                .Distinct()
                .LongCount()),
            visitors);
    }

    [Fact]
    public async Task The_rows_of_an_hour_are_the_site_and_each_page()
    {
        await CommitAsync(Batch(0, 4, at => ClickAt(Noon.AddMinutes(at * 20), $"user{at % 2}", $"/{at % 2}")));
        await FoldAllAsync();

        var rows = await Store.Series.GetRowsAsync(Noon, Cancellation);

        Assert.Equal(
            [(null, null, 3, 2), ("/0", "NL", 2, null), ("/1", "NL", 1, null)],
            rows.Select(row => (row.Url, row.Country, row.Clicks, row.Visitors)).OrderBy(row => row.Url, StringComparer.Ordinal));
        Assert.Equal(0, rows[0].PageId);
        Assert.All(rows, row => Assert.Equal(Noon, row.Hour));
        Assert.Empty(await Store.Series.GetRowsAsync(Noon.AddHours(5), Cancellation));
    }

    [Theory]
    [InlineData("update click_series set visitors = visitors + 1 where page_id = 0")]
    [InlineData("update site_days set visitors = visitors + 1")]
    [InlineData("update site_visitors set hours = 1")]
    public async Task Altered_visitors_are_named(string damage)
    {
        await CommitAsync(Batch(0, 3));
        await FoldAllAsync();

        await Store.ExecuteAsync(damage);

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Equal(Noon.Date, Assert.Single(await snapshot.RecountVisitorsAsync(10, Cancellation)).From.Date);
        Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task Most_clicked_pages_and_countries_are_those_of_the_range()
    {
        var clicks = new[] { ("/a", "NL", 0), ("/a", "DE", 1), ("/b", "DE", 1), ("/b", "DE", 1), ("/c", "FR", 2) };
        await CommitAsync(Batch(
            0, clicks.Length, at => ClickAt(Noon.AddHours(clicks[at].Item3), url: clicks[at].Item1, country: clicks[at].Item2)));
        await FoldAllAsync();

        var (from, to) = (Noon.AddHours(1), Noon.AddHours(2));
        Assert.Equal(
            [new NamedClicks("/b", 2), new NamedClicks("/a", 1)],
            await Store.Series.GetTopPagesAsync(from, to, 10, Cancellation));
        Assert.Equal([new NamedClicks("DE", 3)], await Store.Series.GetTopCountriesAsync(from, to, 10, Cancellation));
        Assert.Equal(
            [new NamedClicks("/a", 2)], await Store.Series.GetTopPagesAsync(Noon, Noon.AddHours(3), 1, Cancellation));
    }

    [Fact]
    public async Task An_altered_hour_of_the_site_is_named()
    {
        await CommitAsync(Batch(0, 3, offset => ClickAt(Noon.AddHours(offset))));
        await FoldAllAsync();

        await Store.ExecuteAsync("update click_series set clicks = clicks + 1 where page_id = 0");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(hour => new SeriesDifference(0, null, null, Noon.AddHours(hour), 2, 1)),
            await snapshot.RecountSeriesAsync(null, 10, Cancellation));
        Assert.Equal(3, (await snapshot.RecountSeriesAsync(1, 10, Cancellation)).Count);
        Assert.Equal(2, (await snapshot.RecountSeriesAsync(null, 2, Cancellation)).Count);
    }

    [Fact]
    public async Task An_altered_hour_of_a_page_is_named()
    {
        await CommitAsync(Batch(0, 6, offset => ClickAt(Noon, url: $"/{offset % 2}")));
        await FoldAllAsync();

        await Store.ExecuteAsync("update click_series set clicks = clicks - 1 where page_id <> 0");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var named = await snapshot.RecountSeriesAsync(null, 10, Cancellation);
        Assert.Equal(
            [("/0", "NL", Noon, 2, 3), ("/1", "NL", Noon, 2, 3)],
            named.Select(difference =>
                (difference.Url, difference.Country, difference.Hour, difference.InSeries, difference.Recounted)).Order());
        Assert.Single(await snapshot.RecountSeriesAsync(1, 10, Cancellation));
    }

    [Fact]
    public async Task Missing_hours_are_named()
    {
        await CommitAsync(Batch(0, 3));
        await FoldAllAsync();

        await Store.ExecuteAsync("delete from click_series");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Equal(
            [(null, 0, 3), ("/home", 0, 3)],
            (await snapshot.RecountSeriesAsync(null, 10, Cancellation))
                .Select(difference => (difference.Url, difference.InSeries, difference.Recounted)));
    }

    private static Click Made(Random random) => ClickAt(
        First.AddSeconds(random.Next(5 * 24 * 3600)),
        $"user{random.Next(12)}",
        $"/{random.Next(4)}",
        random.Next(2) == 0 ? "NL" : "BE");

    /// <summary>Two partitions of 300 offsets over five days, in no order, every tenth a dead letter.</summary>
    private async Task<List<Click>> CommitShuffledAsync(int seed = 7)
    {
        var random = new Random(seed);
        var clicks = new List<Click>();
        for (var partition = 0; partition < 2; partition++)
        {
            await CommitAsync(Batch(0, 300, Next, partition));
        }

        return clicks;

        Click? Next(long offset)
        {
            if (offset % 10 == 0)
            {
                return null;
            }

            clicks.Add(Made(random));
            return clicks[^1];
        }
    }

    private Task<IReadOnlyList<HourlyClicks>> HoursAsync(SeriesScope scope) =>
        Store.Series.GetHoursAsync(scope, First, End, Cancellation);

    private async Task AssertHoursAsync(IEnumerable<Click> clicks, SeriesScope scope)
    {
        var recounted = clicks
            .Where(click => (scope.Url ?? click.Url) == click.Url && (scope.Country ?? click.Country) == click.Country)
            .GroupBy(click => click.Timestamp.Date.AddHours(click.Timestamp.Hour))
            .OrderBy(hour => hour.Key)
            .Select(hour => new HourlyClicks(
                hour.Key,
                hour.Count(),
                scope.IsSite ? hour.Select(click => click.UserId).Distinct().Count() : null));
        Assert.Equal(recounted, await HoursAsync(scope));
    }

    private async Task AssertSoundAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
        Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
        Assert.Empty(await snapshot.RecountVisitorsAsync(10, Cancellation));
    }
}
