using System.Diagnostics;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos shut down gracefully under load.</summary>
public sealed class RollingRestartTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_rolling_restart_at_5000_clicks_per_second_hands_over_within_3_s_without_a_gap_over_5_s()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 5000);
        await using var monitor = new GapMonitor(cluster);
        var restarting = cluster.Silos.Keys.ToList();
        monitor.TakeLongestGaps();

        foreach (var name in restarting)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(0, await cluster.StopAsync(name));
            output.WriteLine($"{name} exited after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
            if (name == restarting[0])
            {
                await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(15));
                AssertNoGapOver(HandOver, "handed over", monitor.TakeLongestGaps());
            }

            await cluster.JoinAsync();
        }

        await cluster.WaitUntilBalancedAsync(TimeSpan.FromSeconds(30));
        AssertNoGapOver(LongestGap, "restarted", monitor.TakeLongestGaps());
        output.WriteLine(await cluster.FinishAsync());
    }

    private void AssertNoGapOver(TimeSpan limit, string what, IReadOnlyDictionary<int, TimeSpan> gaps)
    {
        output.WriteLine($"{what}; longest gaps: {GapMonitor.Format(gaps)}");
        Assert.Equal(SiloCluster.Partitions, gaps.Count);
        Assert.InRange(gaps.Values.Max(), TimeSpan.Zero, limit);
    }
}
