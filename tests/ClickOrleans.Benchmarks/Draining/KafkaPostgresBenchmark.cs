using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Testing;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>
/// Rows per second, alternating in one run: (a) the pipeline draining Kafka exactly-once into an empty table, (b)
/// <c>\copy ... (format binary)</c> of the same rows into the same table, (c) a naive consumer: one row per statement and
/// commit. For the pipeline also the processor time of each click, here and in PostgreSQL, and the memory allocated for it.
/// Options: <c>--clicks</c>, <c>--rounds</c>, <c>--naive</c>, <c>--batch</c>.
/// </summary>
internal static class KafkaPostgresBenchmark
{
    private const string Empty = "truncate clickstream_data, consumer_offsets, dead_letters; checkpoint";

    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 2_000_000);
        var rounds = StoreBench.Option(args, "rounds", 5);
        var naive = StoreBench.Option(args, "naive", 20_000);
        var options = new ConsumingOptions();
        options.BatchSize = StoreBench.Option(args, "batch", options.BatchSize);

        await using var servers = await KafkaPostgres.StartAsync();
        Console.WriteLine($"producing {clicks:N0} clicks on {KafkaPostgres.Partitions} partitions");
        await servers.ProduceAsync(clicks);
        var file = Path.Combine(Path.GetTempPath(), $"clickorleans-{Guid.NewGuid():N}.copy");
        var (drains, copies, naives) = (new List<double>(), new List<double>(), new List<double>());
        var costs = new List<Cost>();
        for (var round = 0; round < rounds; round++)
        {
            await servers.ExecuteAsync(Empty);
            drains.Add(await DrainAsync(servers, options, clicks, costs));
            if (round == 0)
            {
                await PsqlCopy.RunAsync(
                    servers.Postgres.Address, $"\\copy (select * from clickstream_data) to '{file}' (format binary)");
            }

            await servers.ExecuteAsync(Empty);
            var copied = await PsqlCopy.RunAsync(
                servers.Postgres.Address, $"\\copy clickstream_data from '{file}' (format binary)");
            copies.Add(clicks / copied.TotalSeconds);
            await servers.ExecuteAsync(Empty);
            naives.Add(await ConsumeNaivelyAsync(servers, naive));
            Console.WriteLine(
                $"round {round + 1}: pipeline {drains[^1]:N0}, \\copy {copies[^1]:N0}, naive {naives[^1]:N0} rows/s, "
                + $"pipeline / \\copy {drains[^1] / copies[^1]:0.00}");
        }

        File.Delete(file);
        Console.WriteLine($"(a) pipeline {StoreBench.Spread(drains)} rows/s");
        Console.WriteLine($"(b) \\copy    {StoreBench.Spread(copies)} rows/s");
        Console.WriteLine($"(c) naive    {StoreBench.Spread(naives)} rows/s");
        Console.WriteLine($"a/b {Ratio(drains, copies)}   a/c {Ratio(drains, naives)}");
        Console.WriteLine(
            $"processor time per click, median: here {Median(costs, cost => cost.Here):0.000} us, PostgreSQL " +
            $"{Median(costs, cost => cost.Server):0.000} us, both {Median(costs, cost => cost.Here + cost.Server):0.000} us; " +
            $"allocated {Median(costs, cost => cost.Bytes):0} bytes per click");
        Console.WriteLine($"memory: {Peak():N0} MB at most");
        return 0;
    }

    private static string Ratio(List<double> numerators, List<double> denominators)
    {
        var ratios = numerators.Zip(denominators, (a, b) => a / b).Order().ToList();
        return $"min {ratios[0]:0.00} median {ratios[ratios.Count / 2]:0.00} max {ratios[^1]:0.00}";
    }

    private static double Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1024.0 / 1024.0;
    }

    private static double Median(List<Cost> costs, Func<Cost, double> part) =>
        StoreBench.Median(costs.ConvertAll(cost => part(cost)));

    private static async Task<double> DrainAsync(KafkaPostgres servers, ConsumingOptions options, long clicks, List<Cost> costs)
    {
        var cpu = new CpuTime(servers.Postgres.Folder);
        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        await using var worker = await servers.ConsumeAsync(options);
        await Poll.UntilAsync(
            () => worker.Reports.Sum(report => report.Stored) >= clicks,
            timeout: TimeSpan.FromHours(1),
            interval: TimeSpan.FromMilliseconds(5));

        var rate = clicks / watch.Elapsed.TotalSeconds;
        var (here, server) = cpu.MicrosecondsPerRow(clicks);
        costs.Add(new Cost(here, server, (GC.GetTotalAllocatedBytes() - allocated) / (double)clicks));
        Console.WriteLine(
            $"processor time per click: here {here:0.000} us, PostgreSQL {server:0.000} us; {costs[^1].Bytes:0} bytes allocated");
        var stored = await servers.CountAsync();
        return stored == clicks ? rate : throw new InvalidOperationException($"{stored:N0} rows are stored, not {clicks:N0}.");
    }

    private static async Task<double> ConsumeNaivelyAsync(KafkaPostgres servers, int count)
    {
        var identity = await servers.Log.IdentifyAsync(CancellationToken.None);
        await using var reader = servers.Log.OpenReader(identity, 0, 0);
        await using var connection = await servers.Database.OpenConnectionAsync();
        await using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            insert into clickstream_data
              (log_id, partition, "offset", user_id, "timestamp", url, country, city, browser, os, device)
            values (1, 0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            """;
        for (var parameter = 0; parameter < 9; parameter++)
        {
            insert.Parameters.Add(new Npgsql.NpgsqlParameter());
        }

        var watch = Stopwatch.StartNew();
        var visitor = new NaiveVisitor(insert, count);
        while (visitor.Left > 0)
        {
            await reader.ReadAsync(visitor, TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>What a click costs: microseconds of processor time here and in PostgreSQL, bytes allocated here.</summary>
    private sealed record Cost(double Here, double Server, double Bytes);

    private sealed class NaiveVisitor(Npgsql.NpgsqlCommand insert, int count) : IMessageVisitor
    {
        private readonly ClickDecoder _decoder = new();
        private readonly ClickColumns _decoded = new();

        public int Left { get; private set; } = count;

        public bool Visit(in ReceivedMessage message)
        {
            _decoded.Clear();
            if (_decoder.TryDecode(message.Value, message.Offset, _decoded, out _))
            {
                var click = _decoded[0];
                object[] values =
                [
                    message.Offset, click.UserId, click.Timestamp, click.Url, click.Country, click.City, click.Browser, click.Os,
                    click.Device,
                ];
                for (var column = 0; column < values.Length; column++)
                {
                    insert.Parameters[column].Value = values[column];
                }

                insert.ExecuteNonQuery();
            }

            return --Left > 0;
        }
    }
}
