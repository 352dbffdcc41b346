using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Settings;

namespace ClickOrleans.Benchmarks.Drills;

/// <summary>
/// Long runs of the end-to-end drills: <c>kills [--count 200]</c>, <c>outages [NAME ...] [--seconds 60]</c>,
/// <c>hostile [--count 1000000]</c>, <c>store-back [backup | standby] [--clicks 200000]</c>, each on its own Kafka and
/// PostgreSQL; <c>files-back [--clicks 200000]</c> on the embedded pipeline; <c>settings [--count 200]</c>, starts with mutated
/// settings; and those of <see cref="BrokerDrillCommand"/> and <see cref="LogBackDrillCommand"/>. Throws if a click is lost or
/// duplicated, or a document stays wrong.
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
                    await KillDrill.RunAsync(
                        pipeline, StoreBench.Option(args, "count", 200), Environment.TickCount, Console.WriteLine);
                }

                return 0;
            case "outages":
                var named = Outage.All.Where(outage => args.Contains(outage.Name)).ToList();
                foreach (var outage in named.Count > 0 ? named : Outage.All)
                {
                    await using var pipeline = (await servers.NewPipelineAsync()).With(
                        "ClickOrleans:Consuming:MaxBackoff", "00:00:02");
                    await OutageDrill.RunAsync(
                        pipeline, outage, TimeSpan.FromSeconds(StoreBench.Option(args, "seconds", 60)), Console.WriteLine);
                }

                return 0;
            case "hostile":
                await using (var pipeline = await servers.NewPipelineAsync())
                {
                    await HostileDrill.RunAsync(
                        pipeline, StoreBench.Option(args, "count", 1_000_000), seed: 7, Console.WriteLine);
                }

                return 0;
            case "store-back":
                await using (var pipeline = await servers.NewPipelineAsync())
                {
                    var clicks = StoreBench.Option(args, "clicks", 200_000);
                    await (args.ElementAtOrDefault(1) is "backup" or "standby"
                        ? StoreBackDrill.RunAsync(pipeline, clicks, isStandby: args[1] == "standby", Console.WriteLine)
                        : StoreBackDrill.RunAsync(pipeline, clicks, Console.WriteLine));
                }

                return 0;
            case "files-back":
                using (var drill = new FilesBackDrill(StoreBench.Option(args, "clicks", 200_000), Console.WriteLine))
                {
                    await drill.PrepareAsync();
                    foreach (var combination in FilesBackDrill.Combinations)
                    {
                        await drill.RunAsync(combination);
                    }
                }

                return 0;
            case "restarts" or "rolling" or "away" or "leaders":
                await BrokerDrillCommand.RunAsync(args);
                return 0;
            case "restored" or "copied" or "unclean" or "replaced":
                await LogBackDrillCommand.RunAsync(args);
                return 0;
            case "settings":
                var starts = MutatedSettings.Of(
                    StoreBench.Option(args, "seed", 7), StoreBench.Option(args, "count", 200), OptionKeys.All);
                var faults = await SettingsDrill.RunAsync(starts, Console.WriteLine);
                Console.WriteLine($"{faults.Count} faults");
                return faults.Count == 0 ? 0 : 1;
            default:
                Console.WriteLine("drill kills [--count 200] | outages [NAME ...] [--seconds 60] | hostile [--count 1000000]");
                Console.WriteLine("drill store-back [backup | standby] [--clicks 200000] | files-back [--clicks 200000]");
                Console.WriteLine("drill settings [--count 200] [--seed 7]");
                Console.WriteLine(BrokerDrillCommand.Usage);
                Console.WriteLine(LogBackDrillCommand.Usage);
                return 2;
        }
    }
}
