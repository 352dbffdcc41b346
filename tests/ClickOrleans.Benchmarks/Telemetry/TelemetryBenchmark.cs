using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Benchmarks.Telemetry;

/// <summary>
/// Rows per second of the pipeline draining Kafka into PostgreSQL, alternating: with OTLP export, from a topic whose messages
/// carry trace context, and without export, from a topic whose messages carry none. Options: <c>--clicks</c>, <c>--rounds</c>.
/// Fails if the median ratio is below 0.95.
/// </summary>
/// <remarks>The receiver runs on the same cores, so its CPU time is part of the measured overhead.</remarks>
internal static class TelemetryBenchmark
{
    private const double MinRatio = 0.95;
    private const string Empty = "truncate clickstream_data, consumer_offsets, dead_letters; checkpoint";

    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 1_000_000);
        var rounds = StoreBench.Option(args, "rounds", 7);
        await using var servers = await KafkaPostgres.StartAsync();
        await using var receiver = await TestServer.OtlpAsync();
        await using var traced = new Drain(servers, "traced");
        await using var plain = new Drain(servers, "plain");
        Console.WriteLine($"producing 2 x {clicks:N0} clicks");
        await plain.ProduceAsync(clicks);
        using (ExportingHost.Start(receiver.Address))
        {
            await traced.ProduceAsync(clicks);
        }

        // Warm-up: JIT compilation, prepared statements, caches.
        await RoundAsync(clicks / 4);
        var (on, off) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var (with, without) = await RoundAsync(clicks, onFirst: round % 2 == 0);
            on.Add(with);
            off.Add(without);
            Console.WriteLine($"round {round + 1}: on {with:N0}, off {without:N0} rows/s, on / off {with / without:0.000}");
        }

        var ratios = on.Zip(off, (with, without) => with / without).ToList();
        var ratio = StoreBench.Median(ratios);
        Console.WriteLine($"OTLP on  {StoreBench.Spread(on)} rows/s");
        Console.WriteLine($"OTLP off {StoreBench.Spread(off)} rows/s");
        var medians = StoreBench.Median(on) / StoreBench.Median(off);
        Console.WriteLine(
            $"on / off min {ratios.Min():0.000} median {ratio:0.000} max {ratios.Max():0.000}, medians {medians:0.000}");
        var (processed, commits) = (Count(receiver, "clickstream process"), Count(receiver, "insert into clickstream_data"));
        Console.WriteLine($"received {processed:N0} process spans, {commits:N0} spans of the store");
        return ratio >= MinRatio && processed > 0 ? 0 : 1;

        async Task<(double On, double Off)> RoundAsync(long count, bool onFirst = true)
        {
            var without = onFirst ? 0 : await WithoutAsync(count);
            await servers.ExecuteAsync(Empty);
            double with;
            using (var host = ExportingHost.Start(receiver.Address))
            {
                with = await traced.RunAsync(count, host.Services);
            }

            return (with, onFirst ? await WithoutAsync(count) : without);
        }

        async Task<double> WithoutAsync(long count)
        {
            await servers.ExecuteAsync(Empty);
            return await plain.RunAsync(count, null);
        }
    }

    private static int Count(TestServer receiver, string text) =>
        File.ReadLines(Path.Combine(receiver.Folder, "traces.jsonl")).Count(
            line => line.Contains(text, StringComparison.Ordinal));
}
