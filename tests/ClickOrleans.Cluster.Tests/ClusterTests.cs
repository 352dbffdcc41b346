using System.Text.Json;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Cluster.Tests;

public sealed class ClusterTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Any_silo_accepts_a_change_and_all_report_the_same_status()
    {
        await using var cluster = await SiloCluster.StartAsync(servers, silos: 2, rate: 1000);
        var silos = cluster.Silos.Values.ToList();

        await silos[1].PutAsync("/api/consumers", new { count = 3 });

        foreach (var silo in silos)
        {
            var status = await silo.WaitForStatusAsync(
                status => status.GetProperty("consumers").GetProperty("count").GetInt32() == 3
                    && status.GetProperty("live").GetProperty("storedPerSecond").GetDouble() > 0,
                TimeSpan.FromSeconds(30));
            var members = status.GetProperty("silos").EnumerateArray();
            Assert.Equal(2, members.Count(member => member.GetProperty("status").GetString() == "active"));
        }

        await silos[0].PutAsync("/api/producers", new { count = 0 });
        var reported = Array.Empty<Totals>();
        await Poll.UntilAsync(
            async () =>
            {
                reported = [.. (await Task.WhenAll(silos.Select(silo => silo.StatusAsync()))).Select(Totals.Of)];
                return reported.Distinct().Count() == 1
                    && reported[0] is { Lag: 0, Stored: > 0 } totals
                    && totals.Folded == totals.Stored;
            },
            () => string.Join<Totals>(Environment.NewLine, reported));
    }

    [Fact]
    public async Task Two_clusters_on_one_database_are_isolated()
    {
        var database = await servers.CreateDatabaseAsync();
        await using var one = await SiloCluster.StartAsync(servers, silos: 2, rate: 500, database);
        await using var other = await SiloCluster.StartAsync(servers, silos: 2, rate: 500, database);
        await using var monitor = new GapMonitor(other);

        await one.KillAsync(one.Silos.Keys.First());

        await monitor.WaitUntilAllAdvanceAsync(TimeSpan.FromSeconds(15));
        await one.WaitUntilBalancedAsync(TimeSpan.FromSeconds(30));
        await other.WaitUntilBalancedAsync(TimeSpan.FromSeconds(30));
        foreach (var (cluster, silos) in new[] { (one, 2), (other, 2) })
        {
            await using var members = cluster.Database.CreateCommand(
                "select count(*) from orleans_members where cluster_id = $1");
            members.Parameters.AddWithValue(cluster.Id);
            Assert.Equal((long)silos, await members.ExecuteScalarAsync());
            await using var reminders = cluster.Database.CreateCommand(
                "select count(*) from orleans_reminders where service_id = $1");
            reminders.Parameters.AddWithValue(cluster.Id);
            Assert.Equal(2L, await reminders.ExecuteScalarAsync());
        }

        Assert.False(one.HasLogged(LogEvents.CommitFenced), one.Output());
        Assert.False(other.HasLogged(LogEvents.CommitFenced), other.Output());
        output.WriteLine(string.Join(' ', one.Silos.Keys.Concat(other.Silos.Keys)));
    }

    private sealed record Totals(long Stored, long DeadLetters, long Lag, long Folded, long Rollups)
    {
        public static Totals Of(JsonElement status) =>
            status.GetProperty("totals").Deserialize<Totals>(JsonSerializerOptions.Web)!;
    }
}
