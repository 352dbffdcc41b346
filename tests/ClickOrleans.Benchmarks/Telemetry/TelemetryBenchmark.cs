using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Benchmarks.Telemetry;

/// <summary>
/// Rows per second of the pipeline draining Kafka into PostgreSQL, alternating in one run: with everything exported by OTLP, from a topic
/// whose messages carry their trace's context, and with nothing exported, from a topic whose messages carry none. Options:
/// <c>--clicks</c>, <c>--rounds</c>. Fails where the median ratio is below 0.95.
/// </summary>
/// <remarks>The receiver runs on the same cores, and what it takes counts against us.</remarks>
internal static class TelemetryBenchmark
{
    private const double Least = 0.95;
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

        // Both once for nothing: compiled, prepared, warm.
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
        Console.WriteLine($"on / off min {ratios.Min():0.000} median {ratio:0.000} max {ratios.Max():0.000}, medians {StoreBench.Median(on) / StoreBench.Median(off):0.000}");
        Console.WriteLine($"received {Count(receiver, "clickstream process"):N0} process spans, {Count(receiver, "insert into clickstream_data"):N0} of the store's");
        return ratio >= Least && Count(receiver, "clickstream process") > 0 ? 0 : 1;

        async Task<(double On, double Off)> RoundAsync(long most, bool onFirst = true)
        {
            var without = onFirst ? 0 : await WithoutAsync(most);
            await servers.ExecuteAsync(Empty);
            double with;
            using (var host = ExportingHost.Start(receiver.Address))
            {
                with = await traced.RunAsync(most, host.Services);
            }

            return (with, onFirst ? await WithoutAsync(most) : without);
        }

        async Task<double> WithoutAsync(long most)
        {
            await servers.ExecuteAsync(Empty);
            return await plain.RunAsync(most, null);
        }
    }

    private static int Count(TestServer receiver, string text) =>
        File.ReadLines(Path.Combine(receiver.Folder, "traces.jsonl")).Count(line => line.Contains(text, StringComparison.Ordinal));
}
