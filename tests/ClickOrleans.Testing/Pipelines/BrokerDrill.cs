using System.Diagnostics;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// Brokers of a cluster are killed under load; the topic has three replicas. Every partition moves on within fifteen seconds
/// after it has a leader again, and nothing is lost or doubled.
/// </summary>
public static class BrokerDrill
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>One broker is killed and stays away, to the end of the pipeline and of <c>verify</c>.</summary>
    /// <param name="duration">How long the pipeline goes on without it.</param>
    public static async Task RunAwayAsync(ServerPipeline pipeline, int broker, TimeSpan duration, Action<string> tell)
    {
        await using var silo = await RunAsync(pipeline);
        tell(await KillAsync(pipeline, silo, broker));
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            await silo.WaitForEveryPartitionAsync();
        }

        tell((await pipeline.FinishAsync(silo)).Trim());
        await pipeline.Kafka.StartBrokerAsync(broker);
    }

    /// <summary>The leader of one partition after the other is killed, and comes back.</summary>
    public static async Task RunLeaderKillsAsync(ServerPipeline pipeline, int kills, Action<string> tell)
    {
        await using var silo = await RunAsync(pipeline);
        for (var kill = 0; kill < kills; kill++)
        {
            var leaders = pipeline.Topic.GetLeaders();
            var leader = leaders[kill % leaders.Count].Leader;
            tell($"{kill + 1}: {await KillAsync(pipeline, silo, leader)}");
            await pipeline.Kafka.StartBrokerAsync(leader);
            await WaitForAllInSyncAsync(pipeline);
        }

        tell((await pipeline.FinishAsync(silo)).Trim());
    }

    private static async Task<SiloProcess> RunAsync(ServerPipeline pipeline)
    {
        var silo = await pipeline.RunAsync("--rate", "3000", "--producers", "2");
        await silo.WaitForStoredAsync(5_000);
        await WaitForAllInSyncAsync(pipeline);
        return silo;
    }

    private static async Task<string> KillAsync(ServerPipeline pipeline, SiloProcess silo, int broker)
    {
        var begun = Stopwatch.GetTimestamp();
        await pipeline.Kafka.KillBrokerAsync(broker);
        await Poll.UntilAsync(
            () => Task.FromResult(pipeline.Topic.GetLeaders().All(found => found.Leader >= 0 && found.Leader != broker)),
            () => $"Broker {broker} still leads.");
        var elected = Stopwatch.GetTimestamp();
        await silo.WaitForEveryPartitionAsync();
        var moves = Stopwatch.GetElapsedTime(elected);
        Assert.True(moves < Limit, $"Partitions moved on only {moves} after the election.{Environment.NewLine}{silo.Output}");
        return $"broker {broker} killed, new leaders after {Stopwatch.GetElapsedTime(begun, elected).TotalSeconds:0.0} s, " +
            $"every partition stores {moves.TotalSeconds:0.0} s later";
    }

    private static Task WaitForAllInSyncAsync(ServerPipeline pipeline) => Poll.UntilAsync(
        () => Task.FromResult(pipeline.Topic.GetLeaders().All(at => at is { Leader: >= 0, InSync: ClusterServers.Brokers })),
        () => "The replicas are not in sync.");
}
