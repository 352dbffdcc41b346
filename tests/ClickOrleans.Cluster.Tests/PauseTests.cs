using System.Globalization;

namespace ClickOrleans.Cluster.Tests;

/// <summary>A silo stands still, is given up by the others, and comes back with batches in hand.</summary>
public sealed class PauseTests(SharedServers servers, ITestOutputHelper output)
{
    private const string PauseVariable = "CLICKORLEANS_PAUSE_SECONDS";

    [Fact]
    public async Task What_a_silo_has_in_hand_when_it_comes_back_from_the_dead_is_refused_by_the_fence()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 4000);
        await using var watch = new GapWatch(cluster);
        var pause = TimeSpan.FromSeconds(
            double.TryParse(Environment.GetEnvironmentVariable(PauseVariable), CultureInfo.InvariantCulture, out var seconds) ? seconds : 1);
        var name = (await cluster.SharesAsync()).MaxBy(share => share.Value).Key;
        cluster.Silos.Remove(name, out var silo);

        await silo!.SignalAsync("STOP");
        output.WriteLine($"moved on: {GapWatch.Show(await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(30)))}");
        await Task.Delay(pause);
        await silo.SignalAsync("CONT");

        // Found dead, it ends by itself, so that whoever started it starts it again.
        Assert.NotEqual(0, await silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("fenced off", silo.Output, StringComparison.Ordinal);
        output.WriteLine(await cluster.FinishAsync());
    }
}
