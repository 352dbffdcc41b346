using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Pipeline.Tests.Control;

public sealed class AggregationScheduleTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void An_interval_counts_from_now() =>
        Assert.Equal(Noon.AddSeconds(90), Schedule(TimeSpan.FromSeconds(90), null).Next(Noon));

    [Theory]
    [InlineData("0 3 * * *", "2026-03-02T03:00:00Z")]
    [InlineData("*/15 * * * *", "2026-03-01T12:15:00Z")]
    [InlineData("*/10 * * * * *", "2026-03-01T12:00:10Z")]
    public void A_cron_expression_of_five_or_six_fields_names_the_next_time_in_utc(string cron, string next) =>
        Assert.Equal(DateTime.Parse(next).ToUniversalTime(), Schedule(null, cron).Next(Noon));

    [Fact]
    public void A_cron_expression_that_never_comes_true_has_no_next_time() =>
        Assert.Null(Schedule(null, "0 0 30 2 *").Next(Noon));

    [Theory]
    [InlineData(null, null)]
    [InlineData("00:00:05", "0 3 * * *")]
    [InlineData("00:00:00.5", null)]
    [InlineData("1.00:00:01", null)]
    [InlineData(null, "every day")]
    [InlineData(null, "61 * * * *")]
    public void What_breaks_the_rules_is_refused(string? interval, string? cron) =>
        Assert.Throws<ArgumentException>(() => Schedule(interval is null ? null : TimeSpan.Parse(interval), cron));

    private static AggregationSchedule Schedule(TimeSpan? interval, string? cron) =>
        new(new AggregationState(interval, cron, Paused: false));
}
