using System.Diagnostics;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Series;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>
/// How long a series of 30 days takes, of 60 days of clicks of which one in twenty came late. Options: <c>--rows</c> (5,000,000),
/// <c>--queries</c> of each kind, <c>--sqlite</c>.
/// </summary>
public static class SeriesBenchmark
{
    private const int Partitions = 2;
    private const int Days = 60;

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--sqlite"))
        {
            var folder = Directory.CreateTempSubdirectory("clickorleans-bench-");
            await using (var services = StoreBench.Sqlite(folder))
            {
                await RunAsync(services, args);
            }

            folder.Delete(recursive: true);
            return 0;
        }

        await using var server = await TestServer.PostgresAsync();
        await using var postgres = StoreBench.Postgres(server);
        await RunAsync(postgres, args);
        return 0;
    }

    private static async Task RunAsync(ServiceProvider services, string[] args)
    {
        var rows = StoreBench.Option(args, "rows", 5_000_000);
        var (clicks, rollups, logId) = await StoreBench.OpenAsync(services);
        var ofPartition = rows / Partitions;
        var sample = new SampleClicks(1, (int)(TimeSpan.FromDays(Days).TotalMilliseconds / ofPartition), late: 5);
        const int Batch = 5_000;
        for (var start = 0L; start < ofPartition; start += 20 * Batch)
        {
            await StoreBench.CommitAsync(clicks, Enumerable.Range(0, Partitions).SelectMany(partition =>
                Enumerable.Range(0, 20).Select(number => start + (number * Batch)).Where(at => at < ofPartition)
                    .Select(at => sample.Batch(logId, partition, at, Batch))));
        }

        var (folded, rate, _) = await StoreBench.FoldAsync(rollups, 50_000);
        Console.WriteLine($"folded {folded:N0} clicks, {rate:N0} clicks/s");
        await using (var snapshot = await services.GetRequiredService<IStoreAudit>().OpenSnapshotAsync(CancellationToken.None))
        {
            var differences = await snapshot.RecountSeriesAsync(null, 10, CancellationToken.None);
            var visitors = await snapshot.RecountVisitorsAsync(10, CancellationToken.None);
            Console.WriteLine($"{differences.Count + visitors.Count} differences from a recount");
        }

        var top = await services.GetRequiredService<ISeriesStore>().GetTopPagesAsync(
            Start, Start.AddDays(Days), 1, CancellationToken.None);
        var queries = StoreBench.Option(args, "queries", 100);
        await MeasureAsync(services, "site, hours", queries, new SeriesQuery(null, null));
        await MeasureAsync(services, "site, days", queries, new SeriesQuery(null, null, "day"));
        await MeasureAsync(
            services, "site, days of a zone", queries, new SeriesQuery(null, null, "day", TimeZone: "Europe/Amsterdam"));
        await MeasureAsync(services, "page, hours", queries, new SeriesQuery(null, null, Url: top[0].Name));
        await MeasureAsync(services, "country, hours", queries, new SeriesQuery(null, null, Country: "Netherlands"));
        await MeasureTopAsync(services, queries);
    }

    private static async Task MeasureAsync(IServiceProvider services, string name, int queries, SeriesQuery query)
    {
        var reader = services.GetRequiredService<SeriesReader>();
        var times = new List<double>();
        for (var number = 0; number < queries; number++)
        {
            var from = Start.AddDays(number % 30);
            var asked = query with { From = RangeTime.ToText(from), To = RangeTime.ToText(from.AddDays(30)) };
            var watch = Stopwatch.StartNew();
            await reader.ReadAsync(asked.Read(new List<ValidationError>())!, CancellationToken.None);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        Report(name, times);
    }

    private static async Task MeasureTopAsync(IServiceProvider services, int queries)
    {
        var store = services.GetRequiredService<ISeriesStore>();
        foreach (var days in new[] { 1, 7, 30 })
        {
            var times = new List<double>();
            for (var number = 0; number < queries / 5; number++)
            {
                var from = Start.AddDays(number % 30);
                var watch = Stopwatch.StartNew();
                await store.GetTopPagesAsync(from, from.AddDays(days), 10, CancellationToken.None);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            Report($"top pages of {days} days", times);
        }
    }

    private static void Report(string name, List<double> times)
    {
        times.Sort();
        Console.WriteLine(
            $"{name,-24} p50 {times[times.Count / 2],7:N1} ms, p95 {times[times.Count * 95 / 100],7:N1} ms, "
            + $"max {times[^1],7:N1} ms");
    }
}
