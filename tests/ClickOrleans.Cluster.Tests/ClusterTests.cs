using System.Text.Json;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.Cluster.Tests;

public sealed class ClusterTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Any_silo_takes_a_change_and_all_tell_the_same()
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
            Assert.Equal(2, status.GetProperty("silos").EnumerateArray().Count(row => row.GetProperty("status").GetString() == "active"));
        }

        await silos[0].PutAsync("/api/producers", new { count = 0 });
        var told = Array.Empty<Totals>();
        await PipelineTestExtensions.WaitForAsync(
            async () =>
            {
                told = [.. (await Task.WhenAll(silos.Select(silo => silo.StatusAsync()))).Select(Totals.Of)];
                return told.Distinct().Count() == 1 && told[0] is { Lag: 0, Stored: > 0 } totals && totals.Folded == totals.Stored;
            },
            () => string.Join<Totals>(Environment.NewLine, told));
    }

    [Fact]
    public async Task Two_clusters_on_one_database_keep_apart()
    {
        var database = await servers.CreateDatabaseAsync();
        await using var one = await SiloCluster.StartAsync(servers, silos: 2, rate: 500, database);
        await using var other = await SiloCluster.StartAsync(servers, silos: 2, rate: 500, database);
        await using var watch = new GapMonitor(other);

        await one.KillAsync(one.Silos.Keys.First());

        await watch.WaitForAllToMoveAsync(TimeSpan.FromSeconds(15));
        await one.WaitUntilSpreadAsync(TimeSpan.FromSeconds(30));
        await other.WaitUntilSpreadAsync(TimeSpan.FromSeconds(30));
        foreach (var (cluster, silos) in new[] { (one, 2), (other, 2) })
        {
            await using var members = cluster.Database.CreateCommand("select count(*) from orleans_members where cluster_id = $1");
            members.Parameters.AddWithValue(cluster.Id);
            Assert.Equal((long)silos, await members.ExecuteScalarAsync());
            await using var reminders = cluster.Database.CreateCommand("select count(*) from orleans_reminders where service_id = $1");
            reminders.Parameters.AddWithValue(cluster.Id);
            Assert.Equal(2L, await reminders.ExecuteScalarAsync());
        }

        Assert.DoesNotContain(SiloCluster.CommitFenced, one.Output() + other.Output(), StringComparison.Ordinal);
        output.WriteLine(string.Join(' ', one.Silos.Keys.Concat(other.Silos.Keys)));
    }

    private sealed record Totals(long Stored, long DeadLetters, long Lag, long Folded, long Rollups)
    {
        public static Totals Of(JsonElement status) => status.GetProperty("totals").Deserialize<Totals>(JsonSerializerOptions.Web)!;
    }
}
