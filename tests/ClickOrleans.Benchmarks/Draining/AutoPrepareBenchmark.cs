using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Testing;
using Npgsql;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>
/// Processor time per click, here and in PostgreSQL, draining Kafka with statements prepared and not prepared, by turns. Options:
/// <c>--clicks</c>, <c>--pairs</c>, <c>--batch</c>.
/// </summary>
internal static class AutoPrepareBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 500_000);
        var pairs = StoreBench.Option(args, "pairs", 7);
        var options = new ConsumingOptions();
        options.BatchSize = StoreBench.Option(args, "batch", options.BatchSize);

        await using var plain = await KafkaPostgres.StartAsync();
        await using var prepared = plain.With(settings => settings.MaxAutoPrepare = 20);
        await plain.ProduceAsync(clicks);
        await DrainAsync(plain, options, clicks);
        await DrainAsync(prepared, options, clicks);
        var ratios = new List<double>();
        for (var pair = 0; pair < pairs; pair++)
        {
            var first = await DrainAsync(pair % 2 == 0 ? plain : prepared, options, clicks);
            var second = await DrainAsync(pair % 2 == 0 ? prepared : plain, options, clicks);
            var (without, with) = pair % 2 == 0 ? (first, second) : (second, first);
            ratios.Add(with / without);
            Console.WriteLine(
                $"pair {pair + 1}: not prepared {without:0.000} us, prepared {with:0.000} us per click: {ratios[^1]:0.000}");
        }

        var named = await CountNamedAsync(prepared);
        Console.WriteLine($"{named} statements prepared on a connection; batches of {options.BatchSize:N0}");
        Console.WriteLine(
            $"prepared / not prepared: {ratios.Min():0.000} to {ratios.Max():0.000}, median {StoreBench.Median(ratios):0.000}");
        return 0;
    }

    private static async Task<double> DrainAsync(KafkaPostgres servers, ConsumingOptions options, int clicks)
    {
        await servers.ExecuteAsync("truncate clickstream_data, consumer_offsets, dead_letters; checkpoint");
        var cpu = new CpuTime(servers.Postgres.Folder);
        await using var worker = await servers.ConsumeAsync(options);
        await Poll.UntilAsync(
            () => worker.Reports.Sum(report => report.Stored) >= clicks,
            timeout: TimeSpan.FromHours(1),
            interval: TimeSpan.FromMilliseconds(5));
        var (here, server) = cpu.MicrosecondsPerRow(clicks);
        return here + server;
    }

    private static async Task<long> CountNamedAsync(KafkaPostgres servers)
    {
        await using var connection = await servers.Database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("select count(*) from pg_prepared_statements", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
