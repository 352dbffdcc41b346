using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Cluster.Tests;

/// <summary>A silo stands still, or hears nothing of the database, and comes back with batches in hand.</summary>
public sealed class PauseTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>How many seconds a silo stands still or is cut off.</summary>
    private const string PauseVariable = "CLICKORLEANS_PAUSE_SECONDS";

    [Fact]
    public async Task What_a_silo_has_in_hand_when_it_comes_back_from_the_dead_is_refused_by_the_fence()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 4000);
        await using var watch = new GapMonitor(cluster);
        var pause = Pause(15);
        var name = (await cluster.SharesAsync()).MaxBy(share => share.Value).Key;
        cluster.Silos.Remove(name, out var silo);

        var stopped = Stopwatch.GetTimestamp();
        await silo!.SignalAsync("STOP");
        output.WriteLine($"moved on: {GapMonitor.Show(await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(30)))}");
        await RestOfAsync(pause, stopped);
        await silo.SignalAsync("CONT");

        // Found dead, it ends by itself, so that whoever started it starts it again.
        Assert.NotEqual(0, await silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(SiloCluster.CommitFenced, silo.Output, StringComparison.Ordinal);
        output.WriteLine(await cluster.FinishAsync());
    }

    [Fact]
    public async Task A_silo_cut_off_from_the_database_says_so_keeps_nobody_up_and_comes_back_by_itself()
    {
        var database = await servers.CreateDatabaseAsync();
        await using var line = new DatabaseProxy(database);
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 2, rate: 2000, database);
        await using var watch = new GapMonitor(cluster);
        var name = await cluster.JoinAsync(line.ConnectionString);
        await cluster.WaitUntilSpreadAsync(TimeSpan.FromSeconds(60));
        var silo = cluster.Silos[name];
        var others = Enumerable.Range(0, SiloCluster.Partitions).Except(await cluster.PartitionsOfAsync(name)).ToList();
        Assert.NotEmpty(others);

        foreach (var (outage, begin) in new (string, Action)[] { ("cut", line.Cut), ("silent", line.Silence) })
        {
            var begun = Stopwatch.GetTimestamp();
            begin();

            var reasons = await WaitUntilReadyIsAsync(silo, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("store: ", reasons, StringComparison.Ordinal);
            output.WriteLine($"{outage}: unready after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {reasons}");
            await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15), others);
            await RestOfAsync(Pause(6), begun);
            await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15), others);
            line.Mend();

            output.WriteLine($"{outage}: moved on: {GapMonitor.Show(await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(45)))}");
            await WaitUntilReadyIsAsync(silo, HttpStatusCode.OK);
        }

        Assert.All((await cluster.StatusOfMembersAsync()).Values, status => Assert.Equal("active", status));
        output.WriteLine(await cluster.FinishAsync());
    }

    private static TimeSpan Pause(double otherwise) => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(PauseVariable), CultureInfo.InvariantCulture, out var seconds) ? seconds : otherwise);

    private static Task RestOfAsync(TimeSpan pause, long since) =>
        pause - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } rest ? Task.Delay(rest) : Task.CompletedTask;

    /// <returns>The reasons for its not being ready, if any.</returns>
    private static async Task<string> WaitUntilReadyIsAsync(SiloProcess silo, HttpStatusCode expected)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await silo.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == expected)
            {
                return JsonDocument.Parse(body).RootElement.TryGetProperty("reasons", out var reasons) ? $"{reasons}" : "";
            }

            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), $"Ready says {answer.StatusCode}: {body}{Environment.NewLine}{silo.Output}");
            await Task.Delay(100);
        }
    }
}
