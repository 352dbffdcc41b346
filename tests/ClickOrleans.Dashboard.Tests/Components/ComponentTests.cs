using Bunit;
using ClickOrleans.Dashboard.Components;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Dashboard.Tests.Components;

public sealed class ComponentTests : BunitContext
{
    [Fact]
    public void A_chart_has_a_text_alternative()
    {
        var chart = Render<TimeChart>(parameters => parameters
            .Add(component => component.Title, "Throughput")
            .Add(component => component.Unit, "/s")
            .Add(
                component => component.Lines,
                [new ChartLine("stored", "line-a", [0, 1500, 1200]), new ChartLine("appended", "line-b", [])]));

        Assert.Equal(
            "Throughput, last five minutes: stored now 1,200/s, highest 1,500/s; appended now 0/s, highest 0/s",
            chart.Find("figure").GetAttribute("aria-label"));
        Assert.Equal("2,000/s", chart.Find(".chart-top").TextContent);
    }

    [Fact]
    public void A_series_has_a_text_alternative_with_its_sum()
    {
        var chart = Render<SeriesChart>(parameters => parameters
            .Add(component => component.Title, "Clicks per hour")
            .Add(component => component.From, "2026-03-01 00:00")
            .Add(component => component.To, "now")
            .Add(component => component.Lines, [new ChartLine("clicks", "line-a", [0, 1500, 1200])]));

        Assert.Equal(
            "Clicks per hour, 2026-03-01 00:00 to now: clicks in all 2,700, highest 1,500",
            chart.Find("figure").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_time_has_a_datetime_attribute_and_is_rendered_in_utc()
    {
        var time = Render<LocalTime>(
            parameters => parameters.Add(component => component.At, new DateTime(2026, 3, 1, 23, 5, 9, DateTimeKind.Utc)));

        var element = time.Find("local-time");
        Assert.Equal("2026-03-01T23:05:09.000Z", element.GetAttribute("datetime"));
        Assert.Equal("2026-03-01 23:05:09 UTC", element.GetAttribute("title"));
        Assert.Equal("2026-03-01 23:05:09 UTC", element.TextContent);
        var missing = Render<LocalTime>(
            parameters => parameters.Add(component => component.At, null).Add(component => component.Placeholder, "none"));
        Assert.Equal("none", missing.Find("span").TextContent);
    }

    [Fact]
    public void A_negative_backlog_is_shown_as_zero()
    {
        // The counters of two stages are not read at the same time.
        var arrow = Render<StageArrow>(
            parameters => parameters.Add(component => component.Backlog, -3L).Add(component => component.Label, "lag"));

        Assert.Contains("0 lag", arrow.Find(".arrow-text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_reports_validation_errors_and_failures()
    {
        var operation = new OperationState();

        await operation.DoAsync(() => Task.FromResult<IReadOnlyList<ValidationError>>([new("count", "is too much")]));
        Assert.Equal((false, "count is too much", null), (operation.IsApplied, operation.Of("count"), operation.Of("rate")));

        await operation.DoAsync(() => throw new IOException("gone"));
        Assert.Equal("Failed: gone", operation.Error);
        Assert.Null(operation.Of("count"));

        await operation.DoAsync(() => Task.FromResult<IReadOnlyList<ValidationError>>([]));
        Assert.True(operation.IsApplied);
        Assert.False(operation.IsBusy);
    }
}
