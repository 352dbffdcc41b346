using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Benchmarks.Drills;

/// <summary>The log goes back, or is made again: the long forms of the end-to-end tests of the log's past.</summary>
internal static class LogBackDrillCommand
{
    public const string Usage = "drill restored [--silo up|down] | copied | unclean | replaced [--count 10]";

    public static async Task RunAsync(string[] args)
    {
        switch (args[0])
        {
            case "copied":
                using (var folder = new TemporaryFolder())
                {
                    await LogBackDrill.RunRestoredFileAsync(folder.Path, Console.WriteLine);
                }

                break;
            case "unclean":
                await using (var servers = new ClusterServers())
                {
                    await using var pipeline = await servers.NewPipelineAsync(partitions: 4, replicas: ClusterServers.Brokers);
                    await LogBackDrill.RunUncleanElectionAsync(pipeline, Console.WriteLine);
                }

                break;
            case "restored":
                foreach (var siloUp in new[] { true, false }.Where(siloUp => !args.Contains(siloUp ? "down" : "up")))
                {
                    // Separate servers, because the broker is set back.
                    await using var servers = new PipelineServers();
                    await using var pipeline = await servers.NewPipelineAsync();
                    await LogBackDrill.RunRestoredBrokerAsync(pipeline, siloUp, Console.WriteLine);
                }

                break;
            default:
                await using (var servers = new PipelineServers())
                {
                    await using var pipeline = await servers.NewPipelineAsync();
                    await ReplacedTopicDrill.RunAsync(pipeline, StoreBench.Option(args, "count", 10), Console.WriteLine);
                }

                break;
        }
    }
}
