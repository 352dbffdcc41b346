using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.Benchmarks.Drills;

/// <summary>Brokers are restarted and killed under load: the long forms of the end-to-end tests of brokers.</summary>
internal static class BrokerDrillCommand
{
    public const string Usage =
        "drill restarts [--count 10] | rolling [--replicas 3] [--count 10] | " +
        "away [--broker 1] [--seconds 60] | leaders [--count 20]";

    private const int Partitions = 6;

    public static async Task RunAsync(string[] args)
    {
        if (args[0] == "restarts")
        {
            await using var single = new PipelineServers();
            await using var alone = await single.NewPipelineAsync();
            await RestartDrill.RunAsync(alone, StoreBench.Option(args, "count", 10), Console.WriteLine);
            return;
        }

        await using var servers = new ClusterServers();
        await using var pipeline = await servers.NewPipelineAsync(Partitions, StoreBench.Option(args, "replicas", 3));
        var duration = TimeSpan.FromSeconds(StoreBench.Option(args, "seconds", 60));
        await (args[0] switch
        {
            "rolling" => RestartDrill.RunRollingAsync(pipeline, StoreBench.Option(args, "count", 10), Console.WriteLine),
            "away" => BrokerDrill.RunAwayAsync(pipeline, StoreBench.Option(args, "broker", 1), duration, Console.WriteLine),
            _ => BrokerDrill.RunLeaderKillsAsync(pipeline, StoreBench.Option(args, "count", 20), Console.WriteLine),
        });
    }
}
