using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Benchmarks.Clustering;

/// <summary>
/// Processor time that a click costs the silos, draining the same backlog from Kafka into PostgreSQL with one, two and three of them in
/// turn. Each drains it once before it counts, so that no one is charged for compiling, and then some times more: one drain may cost a third
/// more than the next. Options: <c>--clicks</c>, <c>--rounds</c>, <c>--drains</c>.
/// </summary>
internal static class ClusterBenchmark
{
    private const int MostSilos = 3;
    private const double MostExtra = 1.15;

    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 2_000_000);
        var rounds = StoreBench.Option(args, "rounds", 3);
        var drains = StoreBench.Option(args, "drains", 3);
        await using var servers = await KafkaPostgres.StartAsync();
        await using var index = await TestServer.ElasticsearchAsync();
        Console.WriteLine($"producing {clicks:N0} clicks on {KafkaPostgres.Partitions} partitions");
        await servers.ProduceAsync(clicks);
        var costs = Enumerable.Range(1, MostSilos).ToDictionary(silos => silos, _ => new List<double>());
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
                    Console.WriteLine(
                        $"round {round}, {silos} silo(s): {cost[^1]:0.00} µs of processor time a click, {clicks / drained.Clock.TotalSeconds:N0} clicks/s");
                }
            }
        }

        foreach (var (silos, cost) in costs)
        {
            Console.WriteLine($"{silos} silo(s): µs a click: {string.Join(", ", cost.Order().Select(micros => $"{micros:0.00}"))}");
        }

        var extra = StoreBench.Median(costs[MostSilos]) / StoreBench.Median(costs[1]);
        Console.WriteLine($"{MostSilos} silos / 1 silo: {extra:0.00}");
        return extra <= MostExtra ? 0 : 1;
    }
}
