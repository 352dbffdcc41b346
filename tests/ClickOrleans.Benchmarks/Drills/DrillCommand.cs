using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.Benchmarks.Drills;

/// <summary>
/// The long forms of what the end-to-end tests do in short: <c>kills [--count 200]</c>, <c>outages [NAME ...] [--seconds 60]</c>,
/// <c>hostile [--count 1000000]</c>, each on a Kafka and a PostgreSQL of its own; and those of <see cref="BrokerDrillCommand"/>.
/// It ends with an exception where something was lost or doubled.
/// </summary>
internal static class DrillCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var servers = new PipelineServers();
        switch (args.FirstOrDefault())
        {
            case "kills":
                await using (var pipeline = await servers.NewPipelineAsync())
                {
                    var kills = StoreBench.Option(args, "count", 200);
                    await KillDrill.RunAsync(pipeline, kills, Environment.TickCount, Console.WriteLine);
                }

                return 0;
            case "outages":
                var named = Outage.All.Where(outage => args.Contains(outage.Name)).ToList();
                foreach (var outage in named.Count > 0 ? named : Outage.All)
                {
                    await using var pipeline = (await servers.NewPipelineAsync())
                        .With("ClickOrleans:Consuming:MaxBackoff", "00:00:02");
                    var duration = TimeSpan.FromSeconds(StoreBench.Option(args, "seconds", 60));
                    await OutageDrill.RunAsync(pipeline, outage, duration, Console.WriteLine);
                }

                return 0;
            case "hostile":
                await using (var pipeline = await servers.NewPipelineAsync())
                {
                    var count = StoreBench.Option(args, "count", 1_000_000);
                    await HostileDrill.RunAsync(pipeline, count, seed: 7, Console.WriteLine);
                }

                return 0;
            case "restarts" or "rolling" or "away" or "leaders":
                await BrokerDrillCommand.RunAsync(args);
                return 0;
            default:
                Console.WriteLine("drill kills [--count 200] | outages [NAME ...] [--seconds 60] | hostile [--count 1000000]");
                Console.WriteLine(BrokerDrillCommand.Usage);
                return 2;
        }
    }
}
