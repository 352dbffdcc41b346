using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Grains.Tests.Aggregating;

public sealed class ScheduleMonitorTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly AggregationSchedule EveryTenSeconds =
        new(new AggregationState(TimeSpan.FromSeconds(10), null, false));
    private static readonly AggregationSchedule EveryMinute = new(new AggregationState(null, "* * * * *", false));

    private readonly ScheduleMonitor _ticks = new();

    [Fact]
    public void A_tick_is_for_the_time_that_was_due_however_late_within_the_period()
    {
        Assert.Equal(Noon, _ticks.Take(Noon, EveryTenSeconds, Noon.AddSeconds(9), isRunning: false));

        Assert.Equal(0, _ticks.Missed);
    }

    [Fact]
    public void Times_that_went_by_before_a_tick_came_are_missed()
    {
        Assert.Equal(Noon.AddSeconds(30), _ticks.Take(Noon, EveryTenSeconds, Noon.AddSeconds(35), isRunning: false));

        Assert.Equal((3, Noon.AddSeconds(20)), (_ticks.Missed, _ticks.LastMissed));
    }

    [Fact]
    public void A_tick_that_finds_a_run_under_way_is_missed_too()
    {
        _ticks.Take(Noon, EveryTenSeconds, Noon, isRunning: true);

        Assert.Equal((1, Noon), (_ticks.Missed, _ticks.LastMissed));
    }

    [Fact]
    public void By_cron_times_are_counted_as_the_expression_has_them()
    {
        Assert.Equal(Noon.AddMinutes(2), _ticks.Take(Noon, EveryMinute, Noon.AddSeconds(130), isRunning: false));

        Assert.Equal((2, Noon.AddMinutes(1)), (_ticks.Missed, _ticks.LastMissed));
    }

    [Fact]
    public void The_first_tick_of_a_grain_that_knows_no_time_is_on_time()
    {
        Assert.Equal(Noon, _ticks.Take(null, EveryTenSeconds, Noon, isRunning: false));

        Assert.Equal((0, null), (_ticks.Missed, _ticks.LastMissed));
    }
}
