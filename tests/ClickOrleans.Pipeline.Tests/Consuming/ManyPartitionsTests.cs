using System.Collections.Concurrent;
using System.Diagnostics;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing.InMemory.Log;
using ClickOrleans.Testing.InMemory.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class ManyPartitionsTests
{
    [Fact]
    public async Task A_thousand_partitions_run_on_the_schedulers_few_threads()
    {
        const int Partitions = 1_024;
        const int Messages = 10 * Partitions;
        using var scheduler = new WorkerThreadScheduler("many partitions", threads: 2);
        var context = new StageContext(TimeProvider.System, Random.Shared, scheduler);
        var threads = new ConcurrentDictionary<string, int>();
        var store = new ScriptedStore(new InMemoryStore(TimeProvider.System).Clicks)
        {
            BeforeCommit = (_, _) =>
            {
                threads.TryAdd(Thread.CurrentThread.Name ?? "unnamed", 0);
                return Task.CompletedTask;
            },
        };
        await using var log = new InMemoryClickLog(Partitions, TimeProvider.System);
        await log.OpenAsync(CancellationToken.None);
        await using var worker = new ConsumerWorker(log, store, new ConsumingOptions(), context, NullLoggerFactory.Instance);
        var before = Threads();

        await worker.AssignAsync([.. Enumerable.Range(0, Partitions)]);
        await EmbeddedPipeline.WaitAsync(() => worker.Reports.All(report => report.State == PartitionState.Running));
        await log.AppendAsync(
            [.. Enumerable.Range(0, Messages).Select(number => new LogMessage(null, EmbeddedPipeline.Message(number)))],
            CancellationToken.None);
        await EmbeddedPipeline.WaitAsync(() => worker.Reports.All(report => report.NextOffset == Messages / Partitions));

        // The thread pool may have grown for other tests meanwhile; a thread for each partition would be far more.
        Assert.InRange(Threads() - before, int.MinValue, 64);
        Assert.All(threads.Keys, name => Assert.StartsWith("many partitions ", name, StringComparison.Ordinal));
        Assert.Equal(Messages, store.Stored);
    }

    [Fact]
    public async Task A_scheduler_runs_as_many_tasks_at_a_time_as_it_has_threads_also_where_tasks_are_continued()
    {
        using var scheduler = new WorkerThreadScheduler("bounded", threads: 3);
        var context = new StageContext(TimeProvider.System, Random.Shared, scheduler);
        var (running, most) = (0, 0);
        var names = new ConcurrentBag<string?>();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => context.RunAsync(async () =>
        {
            for (var step = 0; step < 10; step++)
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                names.Add(Thread.CurrentThread.Name);
                Thread.SpinWait(1_000);
                Interlocked.Decrement(ref running);
                await context.YieldAsync();
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal(1_000, names.Count);
        Assert.All(names, name => Assert.StartsWith("bounded ", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_after_the_schedulers_end_still_runs()
    {
        var scheduler = new WorkerThreadScheduler("ended", threads: 1);
        var context = new StageContext(TimeProvider.System, Random.Shared, scheduler);
        scheduler.Dispose();
        string? name = "ended 1";

        await context.RunAsync(() =>
        {
            name = Thread.CurrentThread.Name;
            return Task.CompletedTask;
        });

        Assert.NotEqual("ended 1", name);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
