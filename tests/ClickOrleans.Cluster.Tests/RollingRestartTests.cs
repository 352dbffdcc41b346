using System.Diagnostics;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos leave in an orderly way under load.</summary>
public sealed class RollingRestartTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task A_silo_that_is_told_to_stop_hands_over_within_3_s()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 2000);
        await using var watch = new GapWatch(cluster);
        var leaving = (await cluster.SharesAsync()).MaxBy(share => share.Value).Key;
        watch.Take();
        var begun = Stopwatch.GetTimestamp();

        Assert.Equal(0, await cluster.StopAsync(leaving));

        output.WriteLine($"ended after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15));
        var gaps = watch.Take();
        output.WriteLine($"longest gaps: {GapWatch.Show(gaps)}");
        Assert.InRange(gaps.Values.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        output.WriteLine(await cluster.FinishAsync());
    }

    [Fact]
    public async Task A_rolling_restart_under_5000_clicks_a_second_leaves_no_gap_of_more_than_5_s()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 5000);
        await using var watch = new GapWatch(cluster);
        watch.Take();
        foreach (var name in cluster.Silos.Keys.ToList())
        {
            Assert.Equal(0, await cluster.StopAsync(name));
            await cluster.JoinAsync();
        }

        await cluster.WaitUntilSpreadAsync(TimeSpan.FromSeconds(30));
        var gaps = watch.Take();
        output.WriteLine($"longest gaps: {GapWatch.Show(gaps)}");
        Assert.Equal(SiloCluster.Partitions, gaps.Count);
        Assert.InRange(gaps.Values.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        output.WriteLine(await cluster.FinishAsync());
    }
}
