namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos are killed under load.</summary>
public sealed class KillTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>
    /// How often the silo with most partitions is killed: once to check that it works, ten times to measure the delay.
    /// </summary>
    private const string KillsVariable = "CLICKORLEANS_KILLS";

    [Fact]
    public async Task Partitions_advance_within_15_s_of_a_kill_and_30_s_of_two_kills_without_loss_or_duplicates()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), out var configured) ? configured : 1;
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 4000);
        await using var monitor = new GapMonitor(cluster);
        var slowest = new List<double>();
        var declared = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            var victim = (await cluster.PartitionCountsAsync()).MaxBy(count => count.Value).Key;
            await cluster.KillAsync(victim);
            var dead = cluster.WaitUntilDeclaredDeadAsync(victim);
            var advanced = await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(15));
            output.WriteLine($"{victim} killed, declared dead after {(await dead).TotalSeconds:0.0} s");
            output.WriteLine($"partitions advanced after: {GapMonitor.Format(advanced)}");
            slowest.Add(advanced.Values.Max().TotalSeconds);
            declared.Add((await dead).TotalSeconds);
            await cluster.JoinAsync();
            await cluster.WaitUntilBalancedAsync(TimeSpan.FromSeconds(30));
        }

        output.WriteLine($"declared dead after: {Format(declared)}");
        output.WriteLine($"slowest partition of each kill: {Format(slowest)}");

        var survivor = (await cluster.PartitionCountsAsync()).MinBy(count => count.Value).Key;
        await Task.WhenAll(cluster.Silos.Keys.Where(name => name != survivor).ToList().ConvertAll(cluster.KillAsync));
        var afterTwo = await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(30));
        output.WriteLine($"two silos killed; advanced after: {GapMonitor.Format(afterTwo)}");
        output.WriteLine(await cluster.FinishAsync());
    }

    [Fact]
    public async Task A_cluster_restarted_after_all_silos_were_killed_advances_within_30_s_despite_dead_members()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 2000);
        await using var monitor = new GapMonitor(cluster);
        await Task.WhenAll(cluster.Silos.Keys.ToList().ConvertAll(cluster.KillAsync));

        for (var silo = 0; silo < 3; silo++)
        {
            cluster.Launch();
        }

        var advanced = await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(30));

        output.WriteLine($"advanced after: {GapMonitor.Format(advanced)}");
        await cluster.WaitUntilBalancedAsync(TimeSpan.FromSeconds(60));
        output.WriteLine(await cluster.FinishAsync());
    }

    private static string Format(IEnumerable<double> seconds) =>
        string.Join(", ", seconds.Order().Select(second => $"{second:0.0} s"));
}
