using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Cluster.Tests;

/// <summary>A silo is suspended or disconnected from the database and resumes with uncommitted batches.</summary>
public sealed class PauseTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>Duration of the suspension or disconnection in seconds.</summary>
    private const string PauseVariable = "CLICKORLEANS_PAUSE_SECONDS";

    [Fact]
    public async Task Batches_of_a_silo_that_resumes_after_being_declared_dead_are_fenced()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 4000);
        await using var monitor = new GapMonitor(cluster);
        var pause = Pause(15);
        var name = (await cluster.PartitionCountsAsync()).MaxBy(count => count.Value).Key;
        cluster.Silos.Remove(name, out var silo);

        var stopped = Stopwatch.GetTimestamp();
        await silo!.SignalAsync("STOP");
        var advanced = await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(30));
        output.WriteLine($"advanced after: {GapMonitor.Format(advanced)}");
        await WaitUntilElapsedAsync(pause, stopped);
        await silo.SignalAsync("CONT");

        // It exits by itself when it finds itself declared dead, so that its supervisor restarts it.
        Assert.NotEqual(0, await silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(silo.HasLogged(LogEvents.CommitFenced), silo.Output);
        output.WriteLine(await cluster.FinishAsync());
    }

    [Fact]
    public async Task A_silo_disconnected_from_the_database_is_unready_blocks_no_other_silo_and_recovers()
    {
        var database = await servers.CreateDatabaseAsync();
        await using var proxy = new DatabaseProxy(database);
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 2, rate: 2000, database);
        await using var monitor = new GapMonitor(cluster);
        var name = await cluster.JoinAsync(proxy.ConnectionString);
        await cluster.WaitUntilBalancedAsync(TimeSpan.FromSeconds(60));
        var silo = cluster.Silos[name];
        var others = Enumerable.Range(0, SiloCluster.Partitions).Except(await cluster.PartitionsOfAsync(name)).ToList();
        Assert.NotEmpty(others);

        (string Name, Action Begin)[] outages = [("disconnected", proxy.Disconnect), ("dropping packets", proxy.DropPackets)];
        foreach (var (outage, begin) in outages)
        {
            var begun = Stopwatch.GetTimestamp();
            begin();

            var reasons = await WaitUntilReadyIsAsync(silo, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("store: ", reasons, StringComparison.Ordinal);
            output.WriteLine($"{outage}: unready after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {reasons}");
            await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(15), others);
            await WaitUntilElapsedAsync(Pause(6), begun);
            await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(15), others);
            proxy.Restore();

            var advanced = await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(45));
            output.WriteLine($"{outage}: advanced after: {GapMonitor.Format(advanced)}");
            await WaitUntilReadyIsAsync(silo, HttpStatusCode.OK);
        }

        Assert.All((await cluster.MemberStatusesAsync()).Values, status => Assert.Equal("active", status));
        output.WriteLine(await cluster.FinishAsync());
    }

    private static TimeSpan Pause(double defaultSeconds) => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(PauseVariable), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : defaultSeconds);

    private static Task WaitUntilElapsedAsync(TimeSpan pause, long since) =>
        Poll.UntilAsync(() => Stopwatch.GetElapsedTime(since) >= pause, timeout: pause + Poll.DefaultTimeout);

    /// <returns>The reasons why the silo is not ready, if any.</returns>
    private static async Task<string> WaitUntilReadyIsAsync(SiloProcess silo, HttpStatusCode expected)
    {
        var (statusCode, body) = (default(HttpStatusCode), "");
        await Poll.UntilAsync(
            async () =>
            {
                using var response = await silo.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                (statusCode, body) = (response.StatusCode, await response.Content.ReadAsStringAsync());
                return statusCode == expected;
            },
            () => $"/health/ready: {statusCode}: {body}{Environment.NewLine}{silo.Output}",
            TimeSpan.FromSeconds(60));
        return JsonDocument.Parse(body).RootElement.TryGetProperty("reasons", out var reasons) ? $"{reasons}" : "";
    }
}
