using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Verifying;

namespace ClickOrleans.Pipeline.Tests.Verifying;

public class EvenSampleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(12_000)]
    [InlineData(1_000_000)]
    public void Without_a_limit_or_below_it_the_ranges_cover_every_offset(long sample)
    {
        var ranges = EvenSample.Of(new OffsetRange(7, 12_007), 12_000, sample);

        Assert.Equal([new OffsetRange(7, 5_007), new OffsetRange(5_007, 10_007), new OffsetRange(10_007, 12_007)], ranges);
    }

    [Fact]
    public void Above_the_limit_the_ranges_are_evenly_spaced_and_about_as_many_offsets_as_allowed()
    {
        var ranges = EvenSample.Of(new OffsetRange(0, 100_000), 100_000, 25_000).ToList();

        Assert.Equal([0L, 20_000, 40_000, 60_000, 80_000], ranges.Select(range => range.Start));
        Assert.Equal(25_000, ranges.Sum(range => range.Count));
    }

    [Theory]
    [InlineData(0.25, 5_000)]
    [InlineData(0.9, -2_000)]
    public void The_phase_says_where_the_ranges_lie(double phase, long first)
    {
        var ranges = EvenSample.Of(new OffsetRange(0, 100_000), 100_000, 25_000, phase).ToList();

        Assert.Equal(new OffsetRange(Math.Max(0, first), first + 5_000), ranges[0]);
        Assert.Equal(first + 20_000, ranges[1].Start);
        Assert.All(ranges, range => Assert.InRange(range.Count, 1, 5_000));
        Assert.True(ranges[^1].End <= 100_000);
        Assert.InRange(ranges.Sum(range => range.Count), 20_000, 25_000);
    }

    [Fact]
    public void A_partition_gets_its_share_of_a_sample_of_all_partitions()
    {
        var ranges = EvenSample.Of(new OffsetRange(0, 50_000), 200_000, 50_000);

        Assert.Equal([new OffsetRange(0, 5_000), new OffsetRange(20_000, 25_000), new OffsetRange(40_000, 45_000)], ranges);
    }

    [Fact]
    public void An_empty_range_has_no_sample() => Assert.Empty(EvenSample.Of(new OffsetRange(5, 5), 10, 0));
}
