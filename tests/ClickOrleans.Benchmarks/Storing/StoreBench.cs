using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Postgres;
using ClickOrleans.Sqlite;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>Shared by the benchmarks: setup, measurements and statistics.</summary>
internal static class StoreBench
{
    public static ServiceProvider Postgres(TestServer server) => new ServiceCollection()
        .AddLogging()
        .AddClickOrleans(clicks => clicks.UsePostgresStore(server.Address))
        .BuildServiceProvider();

    public static ServiceProvider Sqlite(DirectoryInfo folder) => new ServiceCollection()
        .AddLogging()
        .AddClickOrleans(clicks => clicks.UseSqliteStore(options => options.Data = folder.FullName))
        .BuildServiceProvider();

    /// <summary>Creates the schema and registers a log.</summary>
    public static async Task<(IClickStore Clicks, IRollupStore Rollups, short LogId)> OpenAsync(IServiceProvider services)
    {
        await services.GetRequiredService<IStoreSchema>().ApplyAsync(CancellationToken.None);
        var clicks = services.GetRequiredService<IClickStore>();
        var logId = await clicks.RegisterLogAsync(new LogIdentity("clickstream", Guid.NewGuid()), CancellationToken.None);
        return (clicks, services.GetRequiredService<IRollupStore>(), logId);
    }

    /// <summary>Commits the batches of each partition in parallel and returns rows per second.</summary>
    public static async Task<double> CommitAsync(IClickStore store, IEnumerable<ClickBatch> batches)
    {
        var partitions = batches.GroupBy(batch => batch.Partition).Select(partition => partition.ToList()).ToList();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(partitions.Select(partition => Task.Run(async () =>
        {
            await store.StartPartitionAsync(
                partition[0].LogId, partition[0].Partition, partition[0].ExpectedOffset, CancellationToken.None);
            foreach (var batch in partition)
            {
                if (!await store.CommitAsync(batch, CancellationToken.None))
                {
                    throw new InvalidOperationException($"Partition {batch.Partition} is not at {batch.ExpectedOffset}.");
                }
            }
        })));
        return partitions.Sum(partition => partition.Sum(batch => batch.Clicks.Count)) / watch.Elapsed.TotalSeconds;
    }

    public static async Task<(long Clicks, double Rate, TimeSpan Longest)> FoldAsync(IRollupStore store, int maxClicks)
    {
        var watch = Stopwatch.StartNew();
        var clicks = 0L;
        var longest = TimeSpan.Zero;
        for (var more = true; more;)
        {
            var chunk = Stopwatch.StartNew();
            var result = await store.FoldAsync(
                maxClicks, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), CancellationToken.None);
            longest = chunk.Elapsed > longest ? chunk.Elapsed : longest;
            clicks += result.Clicks;
            more = result.More;
        }

        return (clicks, clicks / watch.Elapsed.TotalSeconds, longest);
    }

    public static int Option(string[] args, string name, int defaultValue)
    {
        var at = Array.IndexOf(args, $"--{name}");
        return at >= 0 ? int.Parse(args[at + 1]) : defaultValue;
    }

    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);

    public static string Spread(IEnumerable<double> rates)
    {
        var sorted = rates.Order().ToList();
        return $"min {sorted[0],9:N0}  median {sorted[sorted.Count / 2],9:N0}  max {sorted[^1],9:N0}";
    }
}
