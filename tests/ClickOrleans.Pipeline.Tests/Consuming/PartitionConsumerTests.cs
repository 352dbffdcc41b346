using System.Text;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Sqlite.Log;
using ClickOrleans.Testing.HostileMessages;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class PartitionConsumerTests
{
    [Fact]
    public async Task Two_consumers_on_one_partition_double_nothing_and_one_stands_down()
    {
        const int Messages = 20_000;
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store);
        var options = new ConsumingOptions { BatchSize = 100 };

        // Neither begins to commit before the other is there too.
        using var both = new Barrier(2);
        store.BeforeCommit = (number, _) => Task.Run(() => number < 2 && both.SignalAndWait(TimeSpan.FromSeconds(30)));
        await pipeline.AppendAsync(Messages);
        using var stop = new CancellationTokenSource();
        PartitionConsumer[] consumers = [pipeline.Consumer(store, options), pipeline.Consumer(store, options)];
        var running = consumers.Select(consumer => Run(consumer, stop.Token)).ToArray();

        await EmbeddedPipeline.WaitAsync(() => consumers.Any(consumer => consumer.Report.NextOffset == Messages));
        await Task.WhenAny(running).WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Task.WhenAll(running);

        var stoodDown = Assert.Single(consumers, consumer => consumer.Report.State == PartitionState.StoodDown);
        Assert.Equal(1, stoodDown.Report.FenceRefusals);
        Assert.Equal(
            Enumerable.Range(0, Messages).Select(offset => (long)offset),
            (await pipeline.RecordsAsync()).Select(record => record.Offset));
    }

    [Fact]
    public async Task One_row_that_only_the_store_refuses_among_five_thousand_becomes_the_one_dead_letter_within_thirty_commits()
    {
        const int Messages = 5_000;
        const int Bad = 3_217;
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store)
        {
            BeforeCommit = (_, batch) => batch.Clicks.UserIds.Contains($"u{Bad}")
                ? throw new RejectedByStoreException("value out of range")
                : Task.CompletedTask,
        };
        await pipeline.AppendAsync(Messages);

        await ConsumeAsync(pipeline, pipeline.Consumer(store, new ConsumingOptions { BatchSize = Messages }), Messages);

        var records = await pipeline.RecordsAsync();
        Assert.Equal(Messages, records.Count);
        var letter = Assert.Single(records, record => record.IsDeadLetter);
        Assert.Equal(Bad, letter.Offset);
        Assert.Equal(EmbeddedPipeline.Message(Bad), letter.DeadLetterPayload);
        Assert.Equal(
            DeadLetterReason.RejectedByStore,
            Assert.Single(await pipeline.DeadLetters.ListAsync(new DeadLetterFilter(), default)).Reason);
        Assert.InRange(store.Commits, 1, 30);
    }

    [Fact]
    public async Task Several_refused_rows_leave_their_neighbours_alone()
    {
        const int Messages = 1_000;
        HashSet<string> bad = ["u0", "u1", "u499", "u500", "u999"];
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store)
        {
            BeforeCommit = (_, batch) => batch.Clicks.UserIds.Exists(bad.Contains)
                ? throw new RejectedByStoreException("no")
                : Task.CompletedTask,
        };
        await pipeline.AppendAsync(Messages);

        await ConsumeAsync(pipeline, pipeline.Consumer(store), Messages);

        var records = await pipeline.RecordsAsync();
        Assert.Equal([0, 1, 499, 500, 999], records.Where(record => record.IsDeadLetter).Select(record => record.Offset));
        Assert.Equal(Messages, records.Count);
    }

    [Fact]
    public async Task A_dead_letter_whose_error_the_store_refuses_is_stored_with_its_error_in_ASCII()
    {
        var (letter, records) = await ConsumeRefusedLetterAsync(letter => !Ascii.IsValid(letter.Error));

        Assert.Contains("\\u6628\\u65e5", letter.Error, StringComparison.Ordinal);
        Assert.Equal(DeadLetterReason.BadTimestamp, letter.Reason);
        Assert.NotNull(letter.Payload);
        Assert.Equal(101, records);
    }

    [Fact]
    public async Task A_dead_letter_whose_message_the_store_refuses_is_stored_without_it()
    {
        var (letter, records) = await ConsumeRefusedLetterAsync(letter => letter.Payload is not null);

        Assert.Equal("Stored without key and payload, which the store refused: not this", letter.Error);
        Assert.Equal((DeadLetterReason.BadTimestamp, null), (letter.Reason, letter.Payload));
        Assert.Equal(101, records);
    }

    [Fact]
    public async Task An_outage_is_waited_out_without_a_dead_letter()
    {
        const int Messages = 3_000;
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store)
        {
            BeforeCommit = (number, _) => number is > 2 and < 8
                ? throw new TimeoutException("the store is out")
                : Task.CompletedTask,
        };
        var options = new ConsumingOptions { BatchSize = 100, MaxBackoff = TimeSpan.FromMilliseconds(100) };
        await pipeline.AppendAsync(Messages);

        await ConsumeAsync(pipeline, pipeline.Consumer(store, options), Messages);

        var records = await pipeline.RecordsAsync();
        Assert.Equal(Messages, records.Count);
        Assert.DoesNotContain(records, record => record.IsDeadLetter);
    }

    [Fact]
    public async Task A_commit_that_succeeds_and_fails_to_say_so_is_not_made_twice()
    {
        const int Messages = 3_000;
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store);
        store.BeforeCommit = async (number, batch) =>
        {
            if (number % 3 == 1)
            {
                await pipeline.Store.CommitAsync(batch, CancellationToken.None);
                throw new TimeoutException("the answer was lost");
            }
        };
        var options = new ConsumingOptions { BatchSize = 200, MaxBackoff = TimeSpan.FromMilliseconds(100) };
        await pipeline.AppendAsync(Messages);

        await ConsumeAsync(pipeline, pipeline.Consumer(store, options), Messages);

        Assert.Equal(Messages, (await pipeline.RecordsAsync()).Count);
    }

    [Fact]
    public async Task A_store_that_is_too_slow_for_a_batch_gets_smaller_ones()
    {
        const int Messages = 3_000;
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store)
        {
            BeforeCommit = (_, batch) => batch.Clicks.Count > 100
                ? throw new IOException("command failed", new TimeoutException("the store took too long"))
                : Task.CompletedTask,
        };
        var options = new ConsumingOptions { BatchSize = 1_000, MaxBackoff = TimeSpan.FromMilliseconds(100) };
        await pipeline.AppendAsync(Messages);

        await ConsumeAsync(pipeline, pipeline.Consumer(store, options), Messages);

        var records = await pipeline.RecordsAsync();
        Assert.Equal(Messages, records.Count);
        Assert.DoesNotContain(records, record => record.IsDeadLetter);
    }

    [Fact]
    public async Task An_offset_set_back_by_hand_stops_the_partition_until_it_is_put_right()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await pipeline.AppendAsync(100);
        await ConsumeAsync(pipeline, pipeline.Consumer(), 100);
        await pipeline.ExecuteAsync("update consumer_offsets set next_offset = 40");
        await pipeline.AppendAsync(10);
        using var stop = new CancellationTokenSource();
        var consumer = pipeline.Consumer();
        var running = Run(consumer, stop.Token);

        await EmbeddedPipeline.WaitAsync(() => consumer.Report.State == PartitionState.Stopped);
        Assert.Contains("rows up to offset 99", consumer.Report.Error, StringComparison.Ordinal);
        Assert.Contains("set next_offset in consumer_offsets to 100", consumer.Report.Error, StringComparison.Ordinal);
        await pipeline.ExecuteAsync("update consumer_offsets set next_offset = 100");
        await EmbeddedPipeline.WaitAsync(() => consumer.Report.NextOffset == 110);
        await stop.CancelAsync();
        await running;

        var records = await pipeline.RecordsAsync();
        Assert.Equal(110, records.Count);
        Assert.DoesNotContain(records, record => record.IsDeadLetter);
        Assert.Null(consumer.Report.Error);
    }

    [Fact]
    public async Task What_retention_took_before_it_was_read_stops_the_partition_until_the_loss_is_accepted()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await pipeline.AppendAsync(100);
        await ConsumeAsync(pipeline, pipeline.Consumer(), 100);
        await pipeline.AppendAsync(100);
        await ((SqliteClickLog)pipeline.Log).TruncateAsync(0, 150, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var consumer = pipeline.Consumer();
        var running = Run(consumer, stop.Token);

        await EmbeddedPipeline.WaitAsync(() => consumer.Report.State == PartitionState.Stopped);
        Assert.Contains("100..149", consumer.Report.Error, StringComparison.Ordinal);
        Assert.Contains("accept-loss --partition 0", consumer.Report.Error, StringComparison.Ordinal);
        var logId = await pipeline.Store.RegisterLogAsync(await pipeline.Log.IdentifyAsync(default), default);
        Assert.True(await pipeline.Store.AcceptLossAsync(logId, 0, new OffsetRange(100, 150), DateTime.UtcNow, default));
        await EmbeddedPipeline.WaitAsync(() => consumer.Report.NextOffset == 200);
        await stop.CancelAsync();
        await running;

        Assert.Equal(150, (await pipeline.RecordsAsync()).Count);
        Assert.Null(consumer.Report.Error);
    }

    [Fact]
    public async Task A_hundred_thousand_hostile_messages_each_end_as_a_click_or_a_dead_letter_with_the_right_reason()
    {
        const int Messages = 100_000;
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var expected = new List<DeadLetterReason?>(Messages);
        foreach (var chunk in HostileMessages.Mutations(seed: 4711, Messages).Select(value => value ?? []).Chunk(1_000))
        {
            expected.AddRange(chunk.Select(value => WireOracle.Judge(value).Reason));
            await pipeline.Log.AppendAsync([.. chunk.Select(value => new LogMessage(null, value))], CancellationToken.None);
        }

        await ConsumeAsync(pipeline, pipeline.Consumer(), Messages);

        var letters = new List<StoredDeadLetter>();
        for (DeadLetterId? after = null;
            await pipeline.DeadLetters.ListAsync(new DeadLetterFilter(After: after, Limit: 1_000), default)
                is { Count: > 0 } page;
            after = page[^1].Id)
        {
            letters.AddRange(page.Select(letter => letter with { Payload = null }));
        }

        var reasons = letters.ToDictionary(letter => letter.Id.Offset, letter => letter.Reason);
        var wrong = Enumerable.Range(0, Messages)
            .Where(offset => expected[offset] != (reasons.TryGetValue(offset, out var reason) ? reason : (DeadLetterReason?)null))
            .Select(offset => $"{offset}: expected {expected[offset]}");
        Assert.Empty(wrong);
        Assert.Equal(Messages, letters.Count + (await pipeline.Store.GetTotalsAsync(default)).Stored);
        Assert.True(letters.Count is > Messages / 10 and < Messages, $"{letters.Count} dead letters");
    }

    /// <summary>A dead letter among a hundred clicks, in a store that refuses some dead letters.</summary>
    private static async Task<(StoredDeadLetter Letter, int Records)> ConsumeRefusedLetterAsync(Predicate<DeadLetter> isRefused)
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        var store = new ScriptedStore(pipeline.Store)
        {
            BeforeCommit = (_, batch) => batch.DeadLetters.Exists(isRefused)
                ? throw new RejectedByStoreException("not this")
                : Task.CompletedTask,
        };
        var value = Encoding.UTF8.GetBytes(
            """["u","昨日","https://shop.example/","France","Paris","Firefox","Linux","desktop"]""");
        await pipeline.AppendAsync(40);
        await pipeline.Log.AppendAsync([new LogMessage("key"u8.ToArray(), value)], CancellationToken.None);
        await pipeline.AppendAsync(60);

        await ConsumeAsync(pipeline, pipeline.Consumer(store), 101);

        var letter = Assert.Single(await pipeline.DeadLetters.ListAsync(new DeadLetterFilter(), default));
        Assert.Equal(40, letter.Id.Offset);
        return (letter, (await pipeline.RecordsAsync()).Count);
    }

    private static Task Run(PartitionConsumer consumer, CancellationToken stop) =>
        Task.Run(() => consumer.RunAsync(stop), CancellationToken.None);

    private static async Task ConsumeAsync(EmbeddedPipeline pipeline, PartitionConsumer consumer, long upTo)
    {
        using var stop = new CancellationTokenSource();
        var running = Run(consumer, stop.Token);
        await EmbeddedPipeline.WaitAsync(() => consumer.Report.NextOffset == upTo);
        await stop.CancelAsync();
        await running;
        Assert.Equal(PartitionState.Ended, consumer.Report.State);
    }
}
