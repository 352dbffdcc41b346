using ClickOrleans.Dashboard.Live;

namespace ClickOrleans.Dashboard.Tests.Live;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-3, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, 1)]
    [InlineData(1.2, 2)]
    [InlineData(200, 200)]
    [InlineData(201, 500)]
    [InlineData(93_000, 100_000)]
    public void The_ceiling_is_the_smallest_round_number_not_below_the_highest_value(double highest, double ceiling) =>
        Assert.Equal(ceiling, Chart.Ceiling(highest), 6);

    [Fact]
    public void The_last_value_is_at_the_right_edge_and_values_are_clamped_to_the_box()
    {
        Assert.Equal("M298 100L299 50L300 0", Chart.Path([0, 5, 10], 10));
        Assert.Equal("M299 100L300 0", Chart.Path([-4, 40], 10));
        Assert.Equal("", Chart.Path([], 10));
    }

    [Fact]
    public void A_series_goes_from_edge_to_edge()
    {
        Assert.Equal("M0 100L150 50L300 0", Chart.Spread([0, 5, 10], 10));
        Assert.Equal("M300 0", Chart.Spread([10], 10));
        Assert.Equal("", Chart.Spread([], 10));
    }
}
