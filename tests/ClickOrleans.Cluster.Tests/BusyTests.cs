using System.Diagnostics;
using System.Globalization;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos that hardly get to run are not dead.</summary>
public sealed class BusyTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>For how many seconds the machine is kept busy.</summary>
    private const string BusyVariable = "CLICKORLEANS_BUSY_SECONDS";

    private const int BurnersPerCore = 2;

    /// <summary>Uses a core until it is killed, or its parent is gone.</summary>
    private const string Burn = "while kill -0 $PPID; do i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; done";

    [Fact]
    public async Task No_silo_is_thought_dead_while_every_core_is_busy()
    {
        var busy = TimeSpan.FromSeconds(
            double.TryParse(Environment.GetEnvironmentVariable(BusyVariable), CultureInfo.InvariantCulture, out var seconds) ? seconds : 10);
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 5000);
        await using var watch = new GapMonitor(cluster);
        watch.Take();
        var burners = Enumerable.Range(0, BurnersPerCore * Environment.ProcessorCount).Select(_ => Process.Start("sh", ["-c", Burn])).ToList();
        try
        {
            await Task.Delay(busy);
        }
        finally
        {
            foreach (var burner in burners)
            {
                burner.Kill();
                burner.Dispose();
            }
        }

        output.WriteLine($"{burners.Count} burners for {busy.TotalSeconds:0} s; longest gaps: {GapMonitor.Show(watch.Take())}");
        Assert.All((await cluster.StatusOfMembersAsync()).Values, status => Assert.Equal("active", status));
        Assert.All(cluster.Silos.Values, silo => Assert.False(silo.HasExited));
        await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15));
        output.WriteLine(await cluster.FinishAsync());
    }
}
