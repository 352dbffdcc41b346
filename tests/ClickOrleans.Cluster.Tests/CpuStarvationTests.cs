using System.Diagnostics;
using System.Globalization;
using ClickOrleans.Testing;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos that get little CPU time are not declared dead.</summary>
public sealed class CpuStarvationTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>Duration of the CPU load in seconds.</summary>
    private const string SecondsVariable = "CLICKORLEANS_BUSY_SECONDS";

    private const int ProcessesPerCore = 2;

    /// <summary>Uses one core until it is killed or its parent has exited.</summary>
    private const string BusyLoop = "while kill -0 $PPID; do i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; done";

    [Fact]
    public async Task No_silo_is_declared_dead_while_every_core_is_busy()
    {
        var duration = TimeSpan.FromSeconds(
            double.TryParse(Environment.GetEnvironmentVariable(SecondsVariable), CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : 10);
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 5000);
        await using var monitor = new GapMonitor(cluster);
        monitor.TakeLongestGaps();
        var processes = Enumerable.Range(0, ProcessesPerCore * Environment.ProcessorCount)
            .Select(_ => Process.Start("sh", ["-c", BusyLoop]))
            .ToList();
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await Poll.UntilAsync(
                () =>
                {
                    Assert.All(cluster.Silos.Values, silo => Assert.False(silo.HasExited, silo.Output));
                    return Stopwatch.GetElapsedTime(begun) > duration;
                },
                timeout: duration + Poll.DefaultTimeout);
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill();
                process.Dispose();
            }
        }

        var gaps = GapMonitor.Format(monitor.TakeLongestGaps());
        output.WriteLine($"{processes.Count} busy processes for {duration.TotalSeconds:0} s; longest gaps: {gaps}");
        Assert.All((await cluster.MemberStatusesAsync()).Values, status => Assert.Equal("active", status));
        Assert.All(cluster.Silos.Values, silo => Assert.False(silo.HasExited));
        await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(15));
        output.WriteLine(await cluster.FinishAsync());
    }
}
