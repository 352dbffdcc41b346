using System.ComponentModel.DataAnnotations;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.FakeClicks.Tests;

public sealed class ClickGeneratorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void The_same_seed_and_producer_give_the_same_clicks() =>
        Assert.Equal(Take(1000, seed: 5, producer: 2), Take(1000, seed: 5, producer: 2));

    [Fact]
    public void Producers_and_seeds_differ()
    {
        var clicks = Take(100, seed: 5, producer: 2);

        Assert.NotEqual(clicks, Take(100, seed: 5, producer: 3));
        Assert.NotEqual(clicks, Take(100, seed: 6, producer: 2));
    }

    [Fact]
    public void Producers_of_one_seed_share_visitors_and_pages()
    {
        var options = new GeneratorOptions { Visitors = 50, Pages = 20 };

        var visitors = Take(5000, options, 0).Concat(Take(5000, options, 1)).Select(AsVisitor).Distinct().ToList();

        Assert.Equal(50, visitors.Count);
        Assert.Equal(50, visitors.Select(visitor => visitor.UserId).Distinct().Count());
    }

    [Fact]
    public void Ten_thousand_visitors_and_200_pages_are_there_unless_told_otherwise()
    {
        var population = Population.Create(new GeneratorOptions());

        Assert.Equal(10_000, population.Visitors.Select(visitor => visitor.UserId).Distinct().Count());
        Assert.Equal(200, population.Pages.Distinct().Count());
    }

    [Fact]
    public void Few_pages_have_most_of_the_views_and_none_is_unseen()
    {
        var views = Take(100_000, new GeneratorOptions(), 0)
            .CountBy(click => click.Url)
            .Select(page => page.Value)
            .OrderDescending()
            .ToList();

        // Zipf, exponent 1, 200 pages: the first has 17 %, the first ten half.
        Assert.Equal(200, views.Count);
        Assert.InRange(views[0], 16_000, 18_000);
        Assert.InRange(views.Take(10).Sum(), 48_000, 52_000);
    }

    [Fact]
    public void Visitors_browse_in_sessions()
    {
        var clicks = Take(2000, new GeneratorOptions(), 0);

        // 500 of 10,000 are there at first; independent draws would meet some 1,800 of them in 2,000 clicks.
        Assert.InRange(clicks.Select(click => click.UserId).Distinct().Count(), 500, 1000);
    }

    [Fact]
    public void All_visitors_come_in_the_end()
    {
        var clicks = Take(20_000, new GeneratorOptions { Visitors = 200 }, 0);

        Assert.Equal(200, clicks.Select(click => click.UserId).Distinct().Count());
    }

    [Fact]
    public void A_city_lies_in_one_country_and_a_system_runs_on_its_devices()
    {
        var visitors = Population.Create(new GeneratorOptions()).Visitors;

        Assert.All(
            visitors.GroupBy(visitor => visitor.City),
            city => Assert.Single(city.Select(visitor => visitor.Country).Distinct()));
        Assert.InRange(visitors.Select(visitor => visitor.Country).Distinct().Count(), 20, 40);
        Assert.DoesNotContain(visitors, visitor => visitor.Browser == "Safari" && visitor.Os != "macOS");
        Assert.DoesNotContain(visitors, visitor => visitor is { Device: "Desktop", Os: "Android" or "iOS" or "iPadOS" });
        Assert.DoesNotContain(visitors, visitor => visitor.Os == "Windows" && visitor.Device != "Desktop");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(19, 3)]
    [InlineData(21, 500)]
    public void The_smallest_populations_work(int visitors, int pages)
    {
        var clicks = Take(20_000, new GeneratorOptions { Visitors = visitors, Pages = pages }, 0);

        Assert.Equal(visitors, clicks.Select(click => click.UserId).Distinct().Count());
        Assert.InRange(clicks.Select(click => click.Url).Distinct().Count(), Math.Min(pages, 400), pages);
    }

    [Fact]
    public void Clicks_have_the_clocks_time_in_microseconds()
    {
        var generator = new ClickGenerator(new GeneratorOptions { Visitors = 10 }, 0, _time);
        _time.Advance(TimeSpan.FromTicks(12_345_678));

        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc).AddTicks(2_345_670), generator.Next().Timestamp);
    }

    [Fact]
    public void Every_click_can_be_decoded_again()
    {
        var decoder = new ClickDecoder();
        var columns = new ClickColumns();

        foreach (var click in Take(10_000, new GeneratorOptions(), 0))
        {
            columns.Clear();
            Assert.True(decoder.TryDecode(ClickEncoder.Encode(click), 0, columns, out var fault), fault.Error);
            Assert.Equal(click, columns[0]);
        }
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1_000_001, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 100_001, 1)]
    [InlineData(1, 1, -1)]
    public void Options_out_of_range_are_refused(int visitors, int pages, int seed) => Assert.Throws<ValidationException>(
        () => new ClickGenerator(new GeneratorOptions { Visitors = visitors, Pages = pages, Seed = seed }, 0, _time));

    private static Visitor AsVisitor(Click click) =>
        new(click.UserId, click.Country, click.City, click.Browser, click.Os, click.Device);

    private List<Click> Take(int count, int seed, int producer) => Take(count, new GeneratorOptions { Seed = seed }, producer);

    private List<Click> Take(int count, GeneratorOptions options, int producer)
    {
        var generator = new ClickGenerator(options, producer, _time);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }
}
