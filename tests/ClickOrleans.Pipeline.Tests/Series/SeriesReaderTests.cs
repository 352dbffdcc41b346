using ClickOrleans.Pipeline.Series;
using ClickOrleans.Pipeline.Store;
using NSubstitute;

namespace ClickOrleans.Pipeline.Tests.Series;

public sealed class SeriesReaderTests
{
    private static readonly DateTime Midnight = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ISeriesStore _store = Substitute.For<ISeriesStore>();

    [Fact]
    public async Task Gaps_are_zeros()
    {
        Keep((1, 5), (3, 7));

        var items = await ReadAsync(new SeriesQuery("2026-03-01", "2026-03-01T05:00"));

        Assert.Equal([0, 5, 0, 7, 0], items.Select(item => item.Clicks));
        Assert.Equal(Enumerable.Range(0, 5).Select(hour => Midnight.AddHours(hour)), items.Select(item => item.From));
    }

    [Fact]
    public async Task Hours_are_added_up_by_the_days_of_the_time_zone()
    {
        Keep((-1, 1), (0, 2), (22, 4), (23, 8), (46, 16));

        var items = await ReadAsync(new SeriesQuery("2026-03-01", "2026-03-03", "day", TimeZone: "Europe/Amsterdam"));

        Assert.Equal(
            [(Midnight.AddHours(-1), 7), (Midnight.AddHours(23), 24)], items.Select(item => (item.From, item.Clicks)));
    }

    [Fact]
    public async Task Visitors_are_those_of_the_hours_of_the_site()
    {
        _store.GetHoursAsync(default!, default, default, default).ReturnsForAnyArgs([new(Midnight.AddHours(1), 5, 3)]);

        var items = await ReadAsync(new SeriesQuery("2026-03-01", "2026-03-01T03:00"));

        Assert.Equal([0, 3, 0], items.Select(item => item.Visitors));
    }

    [Fact]
    public async Task Visitors_of_days_are_counted_for_each_day_as_a_whole()
    {
        Keep((1, 5), (2, 5), (30, 7));
        _store.GetVisitorsAsync(default!, default).ReturnsForAnyArgs([4, 6]);

        var items = await ReadAsync(new SeriesQuery("2026-03-01", "2026-03-03", "day"));

        Assert.Equal([(10, 4), (7, 6)], items.Select(item => (item.Clicks, item.Visitors!.Value)));
    }

    [Theory]
    [InlineData("/a", null)]
    [InlineData(null, "NL")]
    public async Task Of_a_page_or_a_country_there_are_no_visitors(string? url, string? country)
    {
        Keep((1, 5));

        var items = await ReadAsync(new SeriesQuery("2026-03-01", "2026-03-02", "day", url, country));

        Assert.Null(Assert.Single(items).Visitors);
    }

    [Fact]
    public async Task The_store_is_asked_for_the_whole_range_and_the_scope()
    {
        Keep();

        await ReadAsync(new SeriesQuery("2026-03-01T00:20Z", "2026-03-01T01:20Z", Url: "/a", Country: "NL"));

        await _store.Received(1).GetHoursAsync(
            new SeriesScope("/a", "NL"), Midnight, Midnight.AddHours(2), Arg.Any<CancellationToken>());
    }

    private void Keep(params (int Hour, long Clicks)[] hours)
    {
        _store.GetVisitorsAsync(default!, default).ReturnsForAnyArgs(
            call => new long[(call.ArgAt<IReadOnlyList<DateTime>?>(0)?.Count ?? 1) - 1]);
        _store.GetHoursAsync(default!, default, default, default).ReturnsForAnyArgs(
            [.. hours.Select(hour => new HourlyClicks(Midnight.AddHours(hour.Hour), hour.Clicks, 0))]);
    }

    private Task<IReadOnlyList<SeriesItem>> ReadAsync(SeriesQuery query) =>
        new SeriesReader(_store).ReadAsync(query.Read([])!, TestContext.Current.CancellationToken);
}
