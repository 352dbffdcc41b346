using ClickOrleans.Grains.Statistics;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Grains.Tests.Statistics;

public sealed class CommitHistoryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CommitHistory _history;

    public CommitHistoryTests() => _history = new CommitHistory(_time);

    [Fact]
    public void Rates_are_averages_over_the_last_ten_whole_seconds()
    {
        for (var second = 0; second < 20; second++)
        {
            Commit(stored: 100, deadLetters: second < 10 ? 50 : 2);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var live = _history.Read();

        Assert.Equal((100, 2), (live.StoredPerSecond, live.DeadLettersPerSecond));
    }

    [Fact]
    public void The_second_that_is_not_over_yet_does_not_count()
    {
        Commit(stored: 1_000, deadLetters: 0);

        Assert.Equal(0, _history.Read().StoredPerSecond);
    }

    [Fact]
    public void Commits_of_several_consumers_in_a_second_add_up()
    {
        Commit(stored: 30, deadLetters: 0);
        Commit(stored: 70, deadLetters: 0);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(100, _history.Read().Seconds[^1]);
    }

    [Fact]
    public void What_is_older_than_five_minutes_is_forgotten()
    {
        Commit(stored: 100, deadLetters: 0);
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        Assert.All(_history.Read().Seconds, second => Assert.Equal(0, second));
    }

    private void Commit(long stored, long deadLetters) =>
        _history.Add(new CommitSummary(0, "silo", _time.GetUtcNow().UtcDateTime, stored, deadLetters));
}
