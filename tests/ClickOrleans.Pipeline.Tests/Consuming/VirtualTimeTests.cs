using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing.InMemory.Log;
using ClickOrleans.Testing.InMemory.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class VirtualTimeTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var first = TraceOf(seed: 1);

        Assert.Equal(first, TraceOf(seed: 1));
        Assert.NotEqual(first, TraceOf(seed: 2));
        Assert.Contains(first, step => step.EndsWith("fails", StringComparison.Ordinal));
    }

    [Fact]
    public void An_outage_of_an_hour_is_retried_at_most_every_ten_seconds_and_costs_no_real_time()
    {
        var stages = new VirtualStages(seed: 3);
        var log = Filled(stages, partitions: 1, messages: 100);
        var attempts = new List<DateTimeOffset>();
        var end = stages.Time.GetUtcNow() + TimeSpan.FromMinutes(59);
        var store = new ScriptedStore(new InMemoryStore(stages.Time).Clicks)
        {
            BeforeCommit = (_, _) =>
            {
                attempts.Add(stages.Time.GetUtcNow());
                return stages.Time.GetUtcNow() < end ? throw new TimeoutException("unavailable") : Task.CompletedTask;
            },
        };
        var consumer = Consumer(stages, log, store, 0);
        using var stop = new CancellationTokenSource();
        var running = stages.Start(() => consumer.RunAsync(stop.Token));

        stages.RunUntil(() => consumer.Report.State == PartitionState.BackingOff);
        Assert.Equal("TimeoutException: unavailable", consumer.Report.Error);
        stages.RunUntil(() => store.Stored == 100);

        var pauses = attempts.Zip(attempts.Skip(1), (one, next) => next - one).ToList();
        // Besides the pause itself: the linger, and until the end of the commit is noticed.
        Assert.InRange(pauses.Max(), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10.4));
        Assert.InRange(attempts.Count, 59 * 6, 59 * 12 + 10);
        stop.Cancel();
        stages.RunUntil(() => running.IsCompleted);
        Assert.Equal(PartitionState.Ended, consumer.Report.State);
        Assert.Null(consumer.Report.Error);
    }

    [Fact]
    public void A_first_message_waits_for_others_as_long_as_the_linger_and_no_longer()
    {
        var stages = new VirtualStages(seed: 4);
        var log = Filled(stages, partitions: 1, messages: 0);
        var batches = new List<(DateTimeOffset At, int Clicks)>();
        var store = new ScriptedStore(new InMemoryStore(stages.Time).Clicks)
        {
            BeforeCommit = (_, batch) =>
            {
                batches.Add((stages.Time.GetUtcNow(), batch.Clicks.Count));
                return Task.CompletedTask;
            },
        };
        var consumer = Consumer(stages, log, store, 0);
        using var stop = new CancellationTokenSource();
        var running = stages.Start(() => consumer.RunAsync(stop.Token));
        stages.RunFor(TimeSpan.FromSeconds(30));
        Assert.Empty(batches);

        var first = stages.Time.GetUtcNow();
        Append(log, 1);
        stages.RunFor(TimeSpan.FromMilliseconds(60));
        Append(log, 1);
        stages.RunUntil(() => store.Stored == 2);

        var (at, clicks) = Assert.Single(batches);
        Assert.Equal(2, clicks);
        Assert.Equal(TimeSpan.FromMilliseconds(100), at - first);
        stop.Cancel();
        stages.RunUntil(() => running.IsCompleted);
    }

    [Fact]
    public void A_stop_waits_two_seconds_for_a_commit_that_does_not_end()
    {
        var stages = new VirtualStages(seed: 5);
        var log = Filled(stages, partitions: 1, messages: 10);
        var committing = new TaskCompletionSource();
        var store = new HangingStore(new InMemoryStore(stages.Time).Clicks, committing);
        var consumer = Consumer(stages, log, store, 0);
        using var stop = new CancellationTokenSource();
        var running = stages.Start(() => consumer.RunAsync(stop.Token));
        stages.RunUntil(() => committing.Task.IsCompleted);

        stop.Cancel();
        var stopped = stages.Time.GetUtcNow();
        stages.RunUntil(() => running.IsCompleted);

        Assert.Equal(TimeSpan.FromSeconds(2), stages.Time.GetUtcNow() - stopped);
        Assert.Equal(PartitionState.Ended, consumer.Report.State);
    }

    /// <summary>Four partitions on a store that is slow and fails at random: what was committed when, and what failed.</summary>
    private static List<string> TraceOf(int seed)
    {
        const int Messages = 4_000;
        var stages = new VirtualStages(seed);
        var log = Filled(stages, partitions: 4, Messages);
        var trace = new List<string>();
        var random = stages.Context.Random;
        var store = new ScriptedStore(new InMemoryStore(stages.Time).Clicks)
        {
            BeforeCommit = async (_, batch) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100)), stages.Time);
                var fails = random.Next(5) == 0;
                trace.Add($"{stages.Time.GetUtcNow():mm:ss.fff} {batch.Partition} {batch.Offsets} {(fails ? "fails" : "")}");
                if (fails)
                {
                    throw new TimeoutException("unavailable");
                }
            },
        };
        var worker = new ConsumerWorker(
            log, store, new ConsumingOptions { BatchSize = 100 }, stages.Context, NullLoggerFactory.Instance);
        var assigned = stages.Start(() => worker.AssignAsync([0, 1, 2, 3]));

        stages.RunUntil(() => store.Stored == Messages);

        var stopped = stages.Start(async () => await worker.DisposeAsync());
        stages.RunUntil(() => stopped.IsCompleted);
        Assert.True(assigned.IsCompletedSuccessfully && stopped.IsCompletedSuccessfully);
        return trace;
    }

    private static InMemoryClickLog Filled(VirtualStages stages, int partitions, int messages)
    {
        var log = new InMemoryClickLog(partitions, stages.Time);
        Assert.True(log.OpenAsync(CancellationToken.None).IsCompletedSuccessfully);
        Append(log, messages);
        return log;
    }

    private static void Append(InMemoryClickLog log, int messages) => Assert.True(log.AppendAsync(
        [.. Enumerable.Range(0, messages).Select(number => new LogMessage(null, EmbeddedPipeline.Message(number)))],
        CancellationToken.None).IsCompletedSuccessfully);

    private static PartitionConsumer Consumer(
        VirtualStages stages, InMemoryClickLog log, Store.IClickStore store, int partition) =>
        new(
            log,
            store,
            partition,
            new ConsumingOptions(),
            new DuplicatesOptions(),
            stages.Context,
            NullLogger<PartitionConsumer>.Instance);
}
