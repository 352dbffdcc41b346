using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Benchmarks.Partitions;

/// <summary>
/// What a silo process costs by the partitions of its topic, seen from outside. <c>curve</c>: threads, resident memory and
/// processor time at 500 clicks/s, the time until every partition is running, and of the stop. <c>hot</c>: a backlog on one
/// partition of many, drained next to a topic of four. <c>backlog</c>: memory while a backlog on all of them is drained.
/// <c>failover</c>: how long after the death of one of two silos every partition is consumed again.
/// Options: <c>--partitions</c> (the most), <c>--only</c> (for the curve), <c>--seconds</c>, <c>--clicks</c>, <c>--rounds</c>.
/// </summary>
internal static class PartitionsBenchmark
{
    private const int Few = 4;
    private const int Rate = 500;

    private static readonly int[] Counts = [Few, 64, 256, 1024];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var most = StoreBench.Option(args, "partitions", Counts[^1]);
        var clicks = StoreBench.Option(args, "clicks", 1_000_000);
        await using var servers = new PipelineServers();
        if (Wants("curve"))
        {
            var only = StoreBench.Option(args, "only", 0);
            foreach (var count in only > 0 ? [only] : Counts.Where(count => count <= most))
            {
                await MeasureAsync(servers, count, TimeSpan.FromSeconds(StoreBench.Option(args, "seconds", 60)));
            }
        }

        if (Wants("hot"))
        {
            for (var round = 0; round < StoreBench.Option(args, "rounds", 3); round++)
            {
                var few = await DrainAsync(servers, Few, clicks, onOne: true);
                var many = await DrainAsync(servers, most, clicks, onOne: true);
                Console.WriteLine($"one partition of {Few}: {few:N0} clicks/s, of {most}: {many:N0}, ratio {many / few:0.00}");
            }
        }

        if (Wants("backlog"))
        {
            var rate = await DrainAsync(servers, most, clicks, onOne: false);
            Console.WriteLine($"{clicks:N0} clicks on {most} partitions: {rate:N0} clicks/s");
        }

        if (Wants("failover"))
        {
            await Failover.MeasureAsync(servers, most, Timeout);
        }

        return 0;

        bool Wants(string part) => !args.Any(arg => arg is "curve" or "hot" or "backlog" or "failover") || args.Contains(part);
    }

    private static async Task MeasureAsync(PipelineServers servers, int partitions, TimeSpan duration)
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions);
        var watch = Stopwatch.StartNew();
        await Backlog.ProduceAsync(pipeline, partitions, clicks: 0, onOne: false);
        var created = watch.Elapsed;
        watch.Restart();
        await using var silo = pipeline.Start("--producers", "1", "--rate", $"{Rate}");
        await silo.WaitForStatusAsync(status => AreRunning(status, partitions), Timeout);
        var started = watch.Elapsed;
        await Task.Delay(WarmUp);
        watch.Restart();
        var before = ProcessUsage.Of(silo.Id);
        var stored = (await silo.StatusAsync()).Total("stored");
        await Task.Delay(duration);
        var after = ProcessUsage.Of(silo.Id);
        var share = (after.Processor - before.Processor) / watch.Elapsed;
        stored = (await silo.StatusAsync()).Total("stored") - stored;
        watch.Restart();
        await silo.InterruptAsync(Timeout);
        Console.WriteLine(
            $"{partitions,5} partitions: {after.Threads,5} threads {after.Megabytes,6:N0} MB {share,5:0.00} of a core; topic "
            + $"created in {created.TotalSeconds:0.0} s, running {started.TotalSeconds:0.0} s after the start, "
            + $"stopped in {watch.Elapsed.TotalSeconds:0.0} s; "
            + $"{stored / duration.TotalSeconds:N0} clicks/s stored");
    }

    private static async Task<double> DrainAsync(PipelineServers servers, int partitions, long clicks, bool onOne)
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions);
        await Backlog.ProduceAsync(pipeline, partitions, clicks, onOne);
        await using var silo = pipeline.Start("--producers", "0");
        var (most, begun, first) = (0.0, 0L, 0L);
        long stored;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            most = Math.Max(most, ProcessUsage.Of(silo.Id).Megabytes);
            stored = await StoredAsync(pipeline);

            // From a tenth on: the start is measured elsewhere.
            if (begun == 0 && stored >= clicks / 10)
            {
                (begun, first) = (Stopwatch.GetTimestamp(), stored);
            }
        }
        while (stored < clicks && !silo.HasExited);

        var rate = (stored - first) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await Poll.UntilAsync(async () => (await silo.StatusAsync()).Total("lag") == 0, timeout: Timeout);
        await silo.InterruptAsync(Timeout);
        Console.WriteLine($"{partitions,5} partitions, {clicks:N0} clicks waiting: {most:N0} MB at most");
        return rate;
    }

    private static async Task<long> StoredAsync(ServerPipeline pipeline)
    {
        try
        {
            return await pipeline.Database.QueryScalarAsync<long>(
                "select coalesce(sum(stored), 0)::bigint from consumer_offsets");
        }
        catch (Npgsql.PostgresException missing) when (missing.SqlState == Npgsql.PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
    }

    private static bool AreRunning(JsonElement status, int partitions) =>
        status.Partitions().Count(partition => partition.GetProperty("state").GetString() == "running") == partitions;
}
