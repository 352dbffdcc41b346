using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Producing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>
/// Latency from producing a click to its row being visible, at a steady rate. The event time of a click is when it is produced;
/// new rows are queried every few milliseconds. Options: <c>--rate</c>, <c>--seconds</c>.
/// </summary>
internal static class LatencyBenchmark
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var rate = StoreBench.Option(args, "rate", 5_000);
        var seconds = StoreBench.Option(args, "seconds", 20);
        await using var servers = await KafkaPostgres.StartAsync();
        await using var worker = await servers.ConsumeAsync(new ConsumingOptions());
        var generator = new ClickGenerator(new GeneratorOptions(), 0, TimeProvider.System);
        var producer = new ProducerWorker(servers.Log, generator, servers.Context, NullLogger<ProducerWorker>.Instance)
        {
            RatePerSecond = rate,
        };
        using var stop = new CancellationTokenSource();
        var producing = producer.RunAsync(stop.Token);

        var latencies = new List<double>();
        var next = new long[KafkaPostgres.Partitions];
        await using var connection = await servers.Database.OpenConnectionAsync();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < WarmUp + TimeSpan.FromSeconds(seconds))
        {
            for (var partition = 0; partition < KafkaPostgres.Partitions; partition++)
            {
                var seen = await NewRowsAsync(connection, partition, next);
                if (watch.Elapsed > WarmUp)
                {
                    latencies.AddRange(seen);
                }
            }

            await Task.Delay(Interval);
        }

        await stop.CancelAsync();
        await producing;
        latencies.Sort();
        Console.WriteLine(
            $"{latencies.Count:N0} clicks at {rate:N0}/s, from event time to visible row: p50 {At(0.5):0} ms, "
            + $"p95 {At(0.95):0} ms, p99 {At(0.99):0} ms, max {latencies[^1]:0} ms");
        return At(0.95) < 500 ? 0 : 1;

        double At(double share) => latencies[(int)(latencies.Count * share)];
    }

    private static async Task<List<double>> NewRowsAsync(NpgsqlConnection connection, int partition, long[] next)
    {
        await using var command = new NpgsqlCommand(
            """
            select "offset", "timestamp" from clickstream_data
            where partition = $1 and "offset" >= $2 and log_id = 1 order by "offset"
            """,
            connection);
        command.Parameters.AddWithValue(partition);
        command.Parameters.AddWithValue(next[partition]);
        await using var reader = await command.ExecuteReaderAsync();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var seen = new List<double>();
        while (await reader.ReadAsync())
        {
            next[partition] = reader.GetInt64(0) + 1;
            seen.Add((now - reader.GetDateTime(1)).TotalMilliseconds);
        }

        return seen;
    }
}
