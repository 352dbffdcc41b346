using System.Diagnostics;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos leave in an orderly way under load.</summary>
public sealed class RollingRestartTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_rolling_restart_under_5000_clicks_a_second_hands_over_within_3_s_and_leaves_no_gap_of_more_than_5_s()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 5000);
        await using var watch = new GapMonitor(cluster);
        var restarting = cluster.Silos.Keys.ToList();
        watch.Take();

        foreach (var name in restarting)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(0, await cluster.StopAsync(name));
            output.WriteLine($"{name} ended after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
            if (name == restarting[0])
            {
                await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15));
                AssertNoGapOver(HandOver, "handed over", watch.Take());
            }

            await cluster.JoinAsync();
        }

        await cluster.WaitUntilSpreadAsync(TimeSpan.FromSeconds(30));
        AssertNoGapOver(LongestGap, "restarted", watch.Take());
        output.WriteLine(await cluster.FinishAsync());
    }

    private void AssertNoGapOver(TimeSpan most, string what, IReadOnlyDictionary<int, TimeSpan> gaps)
    {
        output.WriteLine($"{what}; longest gaps: {GapMonitor.Show(gaps)}");
        Assert.Equal(SiloCluster.Partitions, gaps.Count);
        Assert.InRange(gaps.Values.Max(), TimeSpan.Zero, most);
    }
}
