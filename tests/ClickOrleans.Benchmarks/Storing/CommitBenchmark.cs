using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>
/// Rows per second of <see cref="IClickStore.CommitAsync"/>, compared with <c>\copy ... (format binary)</c> of the same rows into
/// the same empty table. Options: <c>--rows</c>, <c>--batch</c>, <c>--repeats</c>; <c>--sqlite</c>: only SQLite.
/// </summary>
public static class CommitBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var rows = StoreBench.Option(args, "rows", 500_000);
        var batch = StoreBench.Option(args, "batch", 5000);
        var repeats = StoreBench.Option(args, "repeats", 3);
        if (args.Contains("--sqlite"))
        {
            await RunSqliteAsync(rows, batch, repeats);
            return 0;
        }

        await using var server = await TestServer.PostgresAsync("max_wal_size=4GB");
        await using var services = StoreBench.Postgres(server);
        foreach (var partitions in new[] { 1, 2, 4 })
        {
            await RunPostgresAsync(services, server, partitions, rows, batch, repeats);
        }

        return 0;
    }

    private static async Task RunPostgresAsync(
        ServiceProvider services, TestServer server, int partitions, int rows, int batch, int repeats)
    {
        var (clicks, _, logId) = await StoreBench.OpenAsync(services);
        var batches = Batches(logId, partitions, rows, batch);
        var file = Path.Combine(Path.GetTempPath(), $"clickorleans-{Guid.NewGuid():N}.copy");
        var commits = new List<double>();
        var copies = new List<double>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            await EmptyAsync(services);
            var cpu = new CpuTime(server.Folder);
            commits.Add(await StoreBench.CommitAsync(clicks, batches));
            Console.WriteLine($"  commit: {cpu.PerSecond(rows)}");
            if (repeat == 0)
            {
                await PsqlCopy.RunAsync(
                    server.Address, $"\\copy (select * from clickstream_data) to '{file}' (format binary)");
            }

            await EmptyAsync(services);
            var took = await PsqlCopy.RunAsync(server.Address, $"\\copy clickstream_data from '{file}' (format binary)");
            copies.Add(rows / took.TotalSeconds);
        }

        File.Delete(file);
        Console.WriteLine($"PostgreSQL, {partitions} partitions, batches of {batch}");
        Console.WriteLine($"  commit {StoreBench.Spread(commits)} rows/s");
        Console.WriteLine($"  \\copy  {StoreBench.Spread(copies)} rows/s");
        Console.WriteLine(
            $"  commit / \\copy, medians: {commits.Order().ElementAt(repeats / 2) / copies.Order().ElementAt(repeats / 2):0.00}");
    }

    private static async Task RunSqliteAsync(int rows, int batch, int repeats)
    {
        foreach (var partitions in new[] { 1, 4 })
        {
            var rates = new List<double>();
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                var folder = Directory.CreateTempSubdirectory("clickorleans-bench-");
                await using (var services = StoreBench.Sqlite(folder))
                {
                    var (clicks, _, logId) = await StoreBench.OpenAsync(services);
                    var batches = Batches(logId, partitions, rows, batch);
                    var cpu = new CpuTime();
                    rates.Add(await StoreBench.CommitAsync(clicks, batches));
                    Console.WriteLine($"  {cpu.PerSecond(rows)}");
                }

                folder.Delete(recursive: true);
            }

            Console.WriteLine($"SQLite, {partitions} partitions, batches of {batch}: commit {StoreBench.Spread(rates)} rows/s");
        }
    }

    private static List<ClickBatch> Batches(short logId, int partitions, int rows, int size)
    {
        var clicks = new SampleClicks(1);
        return [.. Enumerable.Range(0, partitions).SelectMany(partition => Enumerable.Range(0, rows / partitions / size)
            .Select(number => clicks.Batch(logId, partition, (long)number * size, size)))];
    }

    private static async Task EmptyAsync(ServiceProvider services)
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("truncate clickstream_data, consumer_offsets; checkpoint");
        await command.ExecuteNonQueryAsync();
    }
}
