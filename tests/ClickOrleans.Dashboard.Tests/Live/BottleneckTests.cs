using ClickOrleans.Dashboard.Live;
using ClickOrleans.Pipeline.Status;

namespace ClickOrleans.Dashboard.Tests.Live;

public sealed class BottleneckTests
{
    [Theory]
    [InlineData(1, 9, 9, null)]
    [InlineData(6, 9, 9, "consume")]
    [InlineData(1, 16, 9, "fold")]
    [InlineData(1, 16, 20, "index")]
    [InlineData(60, 16, 20, "consume")]
    [InlineData(4, 14, 14, null)]
    public void The_stage_with_the_oldest_unprocessed_click_is_the_bottleneck(int consume, int fold, int index, string? stage)
    {
        Assert.Equal(stage, Bottleneck.Of(Samples.Status(schedule: "00:00:05"), Ages(consume, fold, index)).Stage);
    }

    [Fact]
    public void A_paused_stage_is_named()
    {
        var status = Samples.Status(schedule: "00:00:05", paused: true, consumers: 0);

        Assert.Contains("Consumers are paused", Bottleneck.Of(status, Ages(100, 0, 0)).Text, StringComparison.Ordinal);
        Assert.Contains("aggregation is paused", Bottleneck.Of(status, Ages(0, 100, 0)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_a_cron_schedule_is_two_intervals()
    {
        var status = Samples.Status(schedule: "0 * * * *", lastRun: Samples.Noon, nextRun: Samples.Noon.AddHours(1));

        Assert.Null(Bottleneck.Of(status, Ages(0, 3_600, 3_600)).Stage);
        Assert.Equal("fold", Bottleneck.Of(status, Ages(0, 8_000, 7_000)).Stage);
    }

    [Fact]
    public void Without_a_status_there_is_no_bottleneck() => Assert.Null(Bottleneck.Of(null, Ages(100, 100, 100)).Stage);

    private static StageAge[] Ages(int consume, int fold, int index) =>
    [
        new("consume", TimeSpan.FromSeconds(consume)),
        new("fold", TimeSpan.FromSeconds(fold)),
        new("index", TimeSpan.FromSeconds(index)),
    ];
}
