using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>
/// Memory of the program while it drains a backlog from Kafka into PostgreSQL and folds and indexes it (embedded index). Option:
/// <c>--clicks</c>.
/// </summary>
internal static class BacklogBenchmark
{
    private const double MaxMegabytes = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 10_000_000);
        await using var servers = await KafkaPostgres.StartAsync();
        Console.WriteLine($"producing {clicks:N0} clicks");
        await servers.ProduceAsync(clicks);
        using var data = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__kafka"] = servers.Kafka.Address,
            ["ConnectionStrings__clickstream"] = servers.Postgres.Address,
        };
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path], settings);
        var watch = Stopwatch.StartNew();
        var memory = new List<double>();
        long stored;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            using var process = Process.GetProcessById(silo.Id);
            memory.Add(process.WorkingSet64 / 1024.0 / 1024.0);
            stored = Stored(await silo.StatusAsync());
        }
        while (stored < clicks);

        Console.WriteLine(
            $"{clicks:N0} clicks drained in {watch.Elapsed.TotalSeconds:0} s, {clicks / watch.Elapsed.TotalSeconds:N0} clicks/s");
        Console.WriteLine($"memory: {StoreBench.Spread(memory)} MB");
        return memory.Max() < MaxMegabytes ? 0 : 1;
    }

    private static long Stored(JsonElement status) => status.GetProperty("totals").GetProperty("stored").GetInt64();
}
