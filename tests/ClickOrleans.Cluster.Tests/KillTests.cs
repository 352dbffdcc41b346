namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos die without a word under load.</summary>
public sealed class KillTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>How often the silo with most consumers is killed: one says that it works, ten how long it takes.</summary>
    private const string KillsVariable = "CLICKORLEANS_KILLS";

    [Fact]
    public async Task Every_partition_moves_on_within_15_s_of_a_kill_and_within_30_s_of_two_and_nothing_is_lost_or_doubled()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), out var asked) ? asked : 1;
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 4000);
        await using var watch = new GapMonitor(cluster);
        var slowest = new List<double>();
        var declared = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            var victim = (await cluster.SharesAsync()).MaxBy(share => share.Value).Key;
            await cluster.KillAsync(victim);
            var dead = cluster.WaitUntilDeclaredDeadAsync(victim);
            var moved = await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15));
            output.WriteLine($"{victim} killed, declared dead after {(await dead).TotalSeconds:0.0} s; moved on: {GapMonitor.Show(moved)}");
            slowest.Add(moved.Values.Max().TotalSeconds);
            declared.Add((await dead).TotalSeconds);
            await cluster.JoinAsync();
            await cluster.WaitUntilSpreadAsync(TimeSpan.FromSeconds(30));
        }

        output.WriteLine($"declared dead after: {Show(declared)}");
        output.WriteLine($"slowest partition of each kill: {Show(slowest)}");

        var survivor = (await cluster.SharesAsync()).MinBy(share => share.Value).Key;
        await Task.WhenAll(cluster.Silos.Keys.Where(name => name != survivor).ToList().ConvertAll(cluster.KillAsync));
        output.WriteLine($"two killed at once; moved on: {GapMonitor.Show(await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(30)))}");
        output.WriteLine(await cluster.FinishAsync());
    }

    [Fact]
    public async Task All_killed_at_once_and_started_again_run_within_30_s_though_the_membership_is_full_of_the_dead()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 3, rate: 2000);
        await using var watch = new GapMonitor(cluster);
        await Task.WhenAll(cluster.Silos.Keys.ToList().ConvertAll(cluster.KillAsync));

        for (var silo = 0; silo < 3; silo++)
        {
            cluster.Launch();
        }

        var moved = await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(30));

        output.WriteLine($"moved on: {GapMonitor.Show(moved)}");
        await cluster.WaitUntilSpreadAsync(TimeSpan.FromSeconds(60));
        output.WriteLine(await cluster.FinishAsync());
    }

    private static string Show(IEnumerable<double> seconds) => string.Join(", ", seconds.Order().Select(second => $"{second:0.0} s"));
}
