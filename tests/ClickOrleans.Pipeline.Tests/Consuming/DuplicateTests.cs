using System.Text;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Consuming;

/// <summary>Messages that repeat an event id.</summary>
public sealed class DuplicateTests
{
    [Fact]
    public async Task A_repeat_in_the_same_batch_in_another_and_after_a_restart_is_a_duplicate()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await AppendAsync(pipeline, 1, 2, 1);
        await ConsumeAsync(pipeline, 3);
        await AppendAsync(pipeline, 2, 3, 1);
        await ConsumeAsync(pipeline, 6);

        Assert.Equal(["0", "1", "2=0", "3=1", "4", "5=0"], await DescribeAsync(pipeline));
        var totals = await pipeline.Store.GetTotalsAsync(default);
        Assert.Equal((3, 3), (totals.Stored, totals.Duplicates));
    }

    [Fact]
    public async Task The_window_is_counted_from_the_original()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await AppendAsync(pipeline, 1, 2, 1, 1, 1, 1, 1, 1);

        await ConsumeAsync(pipeline, 8, window: 3);

        Assert.Equal(["0", "1", "2=0", "3=0", "4", "5=4", "6=4", "7=4"], await DescribeAsync(pipeline));
    }

    [Fact]
    public async Task The_window_is_the_same_after_a_restart()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await AppendAsync(pipeline, 1, 2);
        await ConsumeAsync(pipeline, 2, window: 2);
        await AppendAsync(pipeline, 1, 1);
        await ConsumeAsync(pipeline, 4, window: 2);

        Assert.Equal(["0", "1", "2=0", "3"], await DescribeAsync(pipeline));
    }

    [Fact]
    public async Task Without_a_window_every_message_is_a_click()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await AppendAsync(pipeline, 1, 1, 1);

        await ConsumeAsync(pipeline, 3, window: 0);

        Assert.Equal(["0", "1", "2"], await DescribeAsync(pipeline));
    }

    [Fact]
    public async Task An_id_that_is_no_UUID_is_a_click_without_one()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        string[] ids = ["\"7\"", "7", "null", "\"00000000-0000-0000-0000-000000000000\"", "{}"];
        await pipeline.Log.AppendAsync(
            [.. ids.Concat(ids).Select(id => new LogMessage(null, Message($",\"event_id\":{id}")))], default);

        await ConsumeAsync(pipeline, 10);

        Assert.All(await pipeline.RecordsAsync(), record => Assert.Null(record.Click!.EventId));
        Assert.Equal(10, (await pipeline.Store.GetTotalsAsync(default)).Stored);
    }

    [Fact]
    public async Task A_retry_beside_the_consumer_is_seen_by_its_next_commit()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await pipeline.Log.AppendAsync([new LogMessage(null, "no click"u8.ToArray())], default);
        var consumer = pipeline.Consumer();
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => consumer.RunAsync(stop.Token));
        await AppendAsync(pipeline, 2);
        await EmbeddedPipeline.WaitAsync(() => consumer.Report.NextOffset == 2);

        var id = new DeadLetterId((await pipeline.DeadLetters.ListAsync(new DeadLetterFilter(), default))[0].Id.LogId, 0, 0);
        var click = new Click("ann", DateTime.UnixEpoch, "/", "", "", "", "", "", Id(1));
        Assert.True(await pipeline.DeadLetters.RetryAsync(id, click, default));
        await AppendAsync(pipeline, 1, 3);
        await EmbeddedPipeline.WaitAsync(() => consumer.Report.NextOffset == 4);
        await stop.CancelAsync();
        await running;

        Assert.Equal(["0", "1", "2=0", "3"], await DescribeAsync(pipeline));
        Assert.Equal(0, consumer.Report.FenceRefusals);
    }

    [Fact]
    public async Task A_commit_whose_outcome_is_unknown_doubles_nothing()
    {
        await using var pipeline = await EmbeddedPipeline.OpenAsync();
        await AppendAsync(pipeline, [.. Enumerable.Range(0, 50).Concat(Enumerable.Range(0, 50))]);
        var store = new AnswerLostStore(pipeline.Store);

        await ConsumeAsync(pipeline, 100, store: store, options: new ConsumingOptions { BatchSize = 10 });

        var totals = await pipeline.Store.GetTotalsAsync(default);
        Assert.Equal((50, 50), (totals.Stored, totals.Duplicates));
    }

    private static Guid Id(int number) => new(number + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private static byte[] Message(string more) => Encoding.UTF8.GetBytes(
        """{"user_id":"ann","timestamp":"2026-01-02T03:04:05Z","url":"/","country":"","city":"","browser":"","device":"", """
        + """ "os":"" """
        + more + "}");

    private static Task AppendAsync(EmbeddedPipeline pipeline, params int[] ids) => pipeline.Log.AppendAsync(
        [.. ids.Select(id => new LogMessage(null, Message($",\"event_id\":\"{Id(id)}\"")))], default);

    private static async Task ConsumeAsync(
        EmbeddedPipeline pipeline, long until, int window = 1_000, IClickStore? store = null, ConsumingOptions? options = null)
    {
        var consumer = pipeline.Consumer(store, options, new DuplicatesOptions { Window = window });
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => consumer.RunAsync(stop.Token));
        await EmbeddedPipeline.WaitAsync(() => consumer.Report.NextOffset == until);
        await stop.CancelAsync();
        await running;
    }

    /// <summary>Each offset; of a duplicate also that of the click.</summary>
    private static async Task<IEnumerable<string>> DescribeAsync(EmbeddedPipeline pipeline) =>
        (await pipeline.RecordsAsync()).Select(record => record.Duplicate is { } duplicate
            ? $"{record.Offset}={duplicate.OriginalOffset}"
            : $"{record.Offset}");

    /// <summary>Every third commit is stored, but its answer is lost.</summary>
    private sealed class AnswerLostStore(IClickStore inner) : ScriptedStore(inner)
    {
        public override async Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken)
        {
            var stored = await base.CommitAsync(batch, cancellationToken);
            return Commits % 3 == 0 ? throw new IOException("The answer is lost.") : stored;
        }
    }
}
