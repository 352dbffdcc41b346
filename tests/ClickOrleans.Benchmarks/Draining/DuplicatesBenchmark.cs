using System.Diagnostics;
using System.Text;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Testing;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>
/// The same clicks with event ids produced and drained several times: only the first time are they clicks. Then how long it takes
/// until partitions that are taken over store their first click, with and without the window's ids to be read. Options:
/// <c>--clicks</c>, <c>--times</c>, <c>--window</c>.
/// </summary>
internal static class DuplicatesBenchmark
{
    private const int Chunk = 20_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 1_000_000);
        var times = StoreBench.Option(args, "times", 3);
        var window = StoreBench.Option(args, "window", clicks);
        await using var servers = await KafkaPostgres.StartAsync();
        var messages = Messages(clicks);
        for (var time = 1; time <= times; time++)
        {
            await AppendAsync(servers, messages);
            Console.WriteLine($"time {time}: {await DrainAsync(servers, (long)time * clicks, clicks, window)}");
        }

        var totals = await servers.Store.GetTotalsAsync(CancellationToken.None);
        Console.WriteLine($"{totals.Stored:N0} clicks stored, {totals.Duplicates:N0} duplicates");
        foreach (var width in new[] { 0, 100_000, 0, 100_000 })
        {
            Console.WriteLine($"window {width,7:N0}: {await TakeOverAsync(servers, width)}");
        }

        return totals.Stored == clicks && totals.Duplicates == (long)(times - 1) * clicks ? 0 : 1;
    }

    private static List<LogMessage> Messages(int count)
    {
        var generator = new ClickGenerator(new GeneratorOptions(), 0, TimeProvider.System);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next() with { EventId = Guid.NewGuid() }).Select(
            click => new LogMessage(Encoding.UTF8.GetBytes(click.UserId), ClickEncoder.Encode(click)))];
    }

    private static async Task AppendAsync(KafkaPostgres servers, List<LogMessage> messages)
    {
        foreach (var chunk in messages.Chunk(Chunk))
        {
            await servers.Log.AppendAsync(chunk, CancellationToken.None);
        }
    }

    private static async Task<string> DrainAsync(KafkaPostgres servers, long end, int count, int window)
    {
        var cpu = new CpuTime(servers.Postgres.Folder);
        var watch = Stopwatch.StartNew();
        await using var worker = await servers.ConsumeAsync(new ConsumingOptions(), new DuplicatesOptions { Window = window });
        await UntilAsync(worker, end);
        var (here, server) = cpu.MicrosecondsPerRow(count);
        return $"{count / watch.Elapsed.TotalSeconds:N0} messages/s, processor time of each {here:0.00} us here and "
            + $"{server:0.00} us in PostgreSQL";
    }

    private static async Task<string> TakeOverAsync(KafkaPostgres servers, int window)
    {
        var before = await EndAsync(servers);
        await AppendAsync(servers, Messages(1_000));
        var watch = Stopwatch.StartNew();
        await using var worker = await servers.ConsumeAsync(new ConsumingOptions(), new DuplicatesOptions { Window = window });
        await UntilAsync(worker, before + 1_000);
        return $"every partition has stored after {watch.Elapsed.TotalMilliseconds:N0} ms";
    }

    private static async Task<long> EndAsync(KafkaPostgres servers)
    {
        var end = 0L;
        for (var partition = 0; partition < KafkaPostgres.Partitions; partition++)
        {
            end += (await servers.Log.GetOffsetsAsync(partition, CancellationToken.None)).End;
        }

        return end;
    }

    private static Task UntilAsync(ConsumerWorker worker, long end) => Poll.UntilAsync(
        () => worker.Reports.Sum(report => report.NextOffset ?? 0) >= end,
        timeout: TimeSpan.FromHours(1),
        interval: TimeSpan.FromMilliseconds(5));
}
