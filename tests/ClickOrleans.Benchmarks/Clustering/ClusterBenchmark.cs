using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Benchmarks.Clustering;

/// <summary>
/// CPU time per click of one, two and three silos draining the same backlog from Kafka into PostgreSQL. Each group drains it once
/// to warm up (JIT compilation) and several times to measure, because single drains vary by a third. Options: <c>--clicks</c>,
/// <c>--rounds</c>, <c>--drains</c>.
/// </summary>
internal static class ClusterBenchmark
{
    private const int MaxSilos = 3;
    private const double MaxRatio = 1.15;

    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 2_000_000);
        var rounds = StoreBench.Option(args, "rounds", 3);
        var drains = StoreBench.Option(args, "drains", 3);
        await using var servers = await KafkaPostgres.StartAsync();
        await using var index = await TestServer.ElasticsearchAsync();
        Console.WriteLine($"producing {clicks:N0} clicks on {KafkaPostgres.Partitions} partitions");
        await servers.ProduceAsync(clicks);
        var costs = Enumerable.Range(1, MaxSilos).ToDictionary(silos => silos, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (silos, cost) in costs)
            {
                await using var group = await SiloGroup.StartAsync(servers, index, silos);
                await group.DrainAsync(clicks);
                for (var drain = 0; drain < drains; drain++)
                {
                    var drained = await group.DrainAsync(clicks);
                    cost.Add(drained.Processor.TotalMicroseconds / clicks);
                    var rate = clicks / drained.Clock.TotalSeconds;
                    Console.WriteLine($"round {round}, {silos} silo(s): {cost[^1]:0.00} µs CPU per click, {rate:N0} clicks/s");
                }
            }
        }

        foreach (var (silos, cost) in costs)
        {
            Console.WriteLine(
                $"{silos} silo(s): µs CPU per click: {string.Join(", ", cost.Order().Select(micros => $"{micros:0.00}"))}");
        }

        var ratio = StoreBench.Median(costs[MaxSilos]) / StoreBench.Median(costs[1]);
        Console.WriteLine($"{MaxSilos} silos / 1 silo: {ratio:0.00}");
        return ratio <= MaxRatio ? 0 : 1;
    }
}
