using ClickOrleans.Silo.Status;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Silo.Tests.Status;

public sealed class WaitingTimesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WaitingTimes _times;

    public WaitingTimesTests() => _times = new(_time);

    [Fact]
    public void An_offset_waits_since_the_end_was_first_seen_behind_it()
    {
        Assert.Equal(0, AfterASecond(next: 0, end: 10));
        Assert.Equal(1, AfterASecond(next: 0, end: 20));
        Assert.Equal(2, AfterASecond(next: 9, end: 30));
        Assert.Equal(2, AfterASecond(next: 10, end: 30));
        Assert.Equal(0, AfterASecond(next: 30, end: 30));
        Assert.Equal(0, AfterASecond(next: 30, end: 31));
        Assert.Equal(1, AfterASecond(next: 30, end: 31));
    }

    [Fact]
    public void Another_log_of_the_partition_begins_anew()
    {
        AfterASecond(next: 0, end: 100);

        Assert.Equal(0, AfterASecond(next: 0, end: 5));
    }

    [Fact]
    public void A_backlog_that_grows_for_hours_stays_exact_at_its_head()
    {
        for (var second = 0; second < 10_000; second++)
        {
            Assert.Equal(second, AfterASecond(next: 0, end: second + 1));
        }

        // What is behind the head may count as a little older than it is.
        Assert.InRange(AfterASecond(next: 5_000, end: 10_000), 5_000, 5_100);
    }

    private double AfterASecond(long next, long end)
    {
        var waited = _times.Add(0, next, end).TotalSeconds;
        _time.Advance(TimeSpan.FromSeconds(1));
        return waited;
    }
}
