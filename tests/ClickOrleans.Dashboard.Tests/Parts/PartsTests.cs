using Bunit;
using ClickOrleans.Dashboard.Parts;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Dashboard.Tests.Parts;

public sealed class PartsTests : BunitContext
{
    [Fact]
    public void A_chart_says_in_words_what_it_draws()
    {
        var chart = Render<TimeChart>(parameters => parameters
            .Add(part => part.Title, "Throughput")
            .Add(part => part.Unit, "/s")
            .Add(part => part.Lines, [new ChartLine("stored", "line-a", [0, 1500, 1200]), new ChartLine("appended", "line-b", [])]));

        Assert.Equal(
            "Throughput, last five minutes: stored now 1,200/s, highest 1,500/s; appended now 0/s, highest 0/s",
            chart.Find("figure").GetAttribute("aria-label"));
        Assert.Equal("2,000/s", chart.Find(".chart-top").TextContent);
    }

    [Fact]
    public void A_time_is_in_its_attribute_for_the_browser_and_in_utc_for_everybody_else()
    {
        var time = Render<LocalTime>(parameters => parameters.Add(part => part.At, new DateTime(2026, 3, 1, 23, 5, 9, DateTimeKind.Utc)));

        var element = time.Find("local-time");
        Assert.Equal("2026-03-01T23:05:09.000Z", element.GetAttribute("datetime"));
        Assert.Equal("2026-03-01 23:05:09 UTC", element.GetAttribute("title"));
        Assert.Equal("2026-03-01 23:05:09 UTC", element.TextContent);
        Assert.Equal("none", Render<LocalTime>(parameters => parameters.Add(part => part.At, null).Add(part => part.Otherwise, "none")).Find("span").TextContent);
    }

    [Fact]
    public void What_waits_between_two_stages_is_never_shown_below_nothing()
    {
        // Two numbers read a moment apart may cross.
        Assert.Contains("0 lag", Render<StageArrow>(parameters => parameters.Add(part => part.Waiting, -3L).Add(part => part.Label, "lag")).Find(".arrow-text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_keeps_what_was_refused_and_why_it_failed()
    {
        var outcome = new Outcome();

        await outcome.DoAsync(() => Task.FromResult<IReadOnlyList<ValidationError>>([new("count", "is too much")]));
        Assert.Equal((false, "count is too much", null), (outcome.IsApplied, outcome.Of("count"), outcome.Of("rate")));

        await outcome.DoAsync(() => throw new IOException("gone"));
        Assert.Equal("It could not be done: gone", outcome.Error);
        Assert.Null(outcome.Of("count"));

        await outcome.DoAsync(() => Task.FromResult<IReadOnlyList<ValidationError>>([]));
        Assert.True(outcome.IsApplied);
        Assert.False(outcome.IsBusy);
    }
}
