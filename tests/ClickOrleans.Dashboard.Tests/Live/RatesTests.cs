using ClickOrleans.Dashboard.Live;

namespace ClickOrleans.Dashboard.Tests.Live;

public sealed class RatesTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Rates_are_the_growth_over_the_last_ten_seconds()
    {
        var samples = Enumerable.Range(0, 60).Select(second => At(second, second < 45 ? 0 : (second - 45) * 100)).ToList();

        var rates = Rates.Of(samples);

        Assert.Equal((100, 200, 300, 400), (rates.Produced, rates.Appended, rates.Stored, rates.Folded));
        Assert.Equal([100, 50], rates.ByPartition);
        Assert.Equal((50, 0), (rates.OfPartition(1), rates.OfPartition(2)));
    }

    [Fact]
    public void The_rate_is_zero_after_a_counter_reset()
    {
        Assert.Equal(0, Rates.Of([At(0, 1000), At(1, 10)]).Produced);
    }

    [Fact]
    public void A_single_sample_has_no_rates()
    {
        Assert.Equal(Rates.None, Rates.Of([]));
        Assert.Equal(Rates.None, Rates.Of([At(0, 5)]));
        Assert.Equal(Rates.None, Rates.Of([At(0, 5), At(0, 6)]));
    }

    private static Sample At(int second, long count) => new(
        Noon.AddSeconds(second), count * 2, count, count * 3, count * 4, 0, 0, [count, count / 2]);
}
