using System.Diagnostics;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// Kafka is stopped in order and started again under load: the whole of it, or one broker after the other. Every partition moves
/// on each time, in the same process; the silo ends in order, and nothing is lost or doubled.
/// </summary>
public static class RestartDrill
{
    /// <summary>Restarts a server of one node.</summary>
    public static Task RunAsync(ServerPipeline pipeline, int restarts, Action<string> tell) =>
        RunAsync(pipeline, restarts, "restart", _ => pipeline.Kafka.StopAsync(), _ => pipeline.Kafka.StartAsync(), tell);

    /// <summary>Restarts the brokers of a cluster in turn.</summary>
    public static Task RunRollingAsync(ServerPipeline pipeline, int restarts, Action<string> tell) =>
        RunAsync(pipeline, restarts, "rolling restart", pipeline.Kafka.StopBrokerAsync, pipeline.Kafka.StartBrokerAsync, tell);

    private static async Task RunAsync(
        ServerPipeline pipeline, int restarts, string name, Func<int, Task> stop, Func<int, Task> start, Action<string> tell)
    {
        await using var silo = await pipeline.RunAsync("--rate", "3000", "--producers", "2");
        await silo.WaitForStoredAsync(5_000);
        for (var restart = 0; restart < restarts; restart++)
        {
            var broker = 1 + (restart % ClusterServers.Brokers);
            var begun = Stopwatch.GetTimestamp();
            await stop(broker);
            await start(broker);
            var back = Stopwatch.GetTimestamp();
            await silo.WaitForEveryPartitionAsync();
            tell($"{name} {restart + 1}: away for {Stopwatch.GetElapsedTime(begun, back).TotalSeconds:0.0} s, " +
                $"every partition stores again {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s after it is back");
            Assert.False(silo.HasExited, silo.Output);
        }

        tell((await pipeline.FinishAsync(silo)).Trim());
    }
}
