using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>
/// Clicks per second of <see cref="IRollupStore.FoldAsync"/> with nine of ten clicks by a visitor new to the page, while the
/// history grows tenfold. Options: <c>--rows</c> per round, <c>--rounds</c>, <c>--chunk</c>,
/// <c>--new-visitors</c> of ten clicks; <c>--spacing</c>: milliseconds between two clicks of a partition (2,000: five million are
/// 58 days); <c>--late</c>: of a hundred clicks so many come late by up to five days; <c>--generator</c>: use the click
/// generator; <c>--sqlite</c>: SQLite; <c>--setting NAME=VALUE</c>: of the PostgreSQL server.
/// </summary>
public static class FoldBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var rows = StoreBench.Option(args, "rows", 200_000);
        var rounds = StoreBench.Option(args, "rounds", 11);
        var chunk = StoreBench.Option(args, "chunk", 50_000);
        var newVisitors = StoreBench.Option(args, "new-visitors", 9);
        if (args.Contains("--sqlite"))
        {
            var folder = Directory.CreateTempSubdirectory("clickorleans-bench-");
            await using (var services = StoreBench.Sqlite(folder))
            {
                await RunAsync(services, null, rows, rounds, chunk, newVisitors, args);
            }

            folder.Delete(recursive: true);
            return 0;
        }

        var setting = Array.IndexOf(args, "--setting") + 1;
        await using var server = await TestServer.PostgresAsync(setting > 0 ? [args[setting]] : []);
        await using var postgres = StoreBench.Postgres(server);
        await RunAsync(postgres, server.Folder, rows, rounds, chunk, newVisitors, args);
        return 0;
    }

    private static async Task RunAsync(
        IServiceProvider services, string? serverFolder, int rows, int rounds, int chunk, int newVisitors, string[] args)
    {
        var (spacing, late) = (StoreBench.Option(args, "spacing", 40), StoreBench.Option(args, "late", 0));
        var generated = args.Contains("--generator");
        var (clicks, rollups, logId) = await StoreBench.OpenAsync(services);
        var sample = new SampleClicks(1, spacing, late);
        var generator = new ClickGenerator(new GeneratorOptions(), 0, TimeProvider.System);
        for (var round = 0; round < rounds; round++)
        {
            var batches = Enumerable.Range(0, 2).SelectMany(partition => Enumerable.Range(0, rows / 2 / 5000)
                .Select(number => Batch(partition, ((long)round * rows / 2) + (number * 5000L)))).ToList();
            await StoreBench.CommitAsync(clicks, batches);
            var cpu = new CpuTime(serverFolder);
            var (folded, rate, longest) = await StoreBench.FoldAsync(rollups, chunk);
            Console.WriteLine(
                $"history {(long)round * rows,10:N0}: folded {folded:N0} clicks, {rate,9:N0} clicks/s, " +
                $"longest chunk {longest.TotalMilliseconds:N0} ms, {cpu.PerSecond(folded)}");
        }

        ClickBatch Batch(int partition, long start) =>
            generated ? Generated(generator, logId, partition, start) : sample.Batch(logId, partition, start, 5000, newVisitors);
    }

    private static ClickBatch Generated(ClickGenerator generator, short logId, int partition, long start)
    {
        var batch = new ClickBatch { LogId = logId, Partition = partition, ExpectedOffset = start, NextOffset = start + 5000 };
        for (var offset = start; offset < start + 5000; offset++)
        {
            batch.Clicks.Add(offset, generator.Next(), default(VisitorKey));
        }

        return batch;
    }
}
