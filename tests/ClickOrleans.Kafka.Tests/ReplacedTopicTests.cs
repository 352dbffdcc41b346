using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Conformance.Log;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Kafka.Tests;

public sealed class ReplacedTopicTests(KafkaServer server) : KafkaTestBase(server)
{
    [Fact]
    public async Task A_topic_made_again_has_another_identity_and_starts_at_zero()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var before = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"));

        var after = await Bench.MakeAgainAsync(topic);

        Assert.NotEqual(before.TopicId, after.TopicId);
        Assert.Equal(after, await log.OpenAsync());
        Assert.Equal(new OffsetRange(0, 0), await log.GetOffsetsAsync(0));
    }

    /// <summary>New messages: as many as to end before, at, and behind the position of the reader of the old topic.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(500)]
    public async Task A_reader_of_the_old_topic_never_goes_on_in_the_new_one(int newMessages)
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Message("a", $"old {number}"))]);
        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, 10);

        var found = await Bench.MakeAgainAsync(topic);
        await Bench.ProduceAsync(topic, Enumerable.Range(0, newMessages).Select(number => $"new {number}"));

        var thrown = await ReadUntilReplacedAsync(reader, read);
        Assert.Equal(identity, thrown.Expected);
        Assert.True(thrown.Found == found.TopicId || thrown.Found is null);
        Assert.All(read.Values, value => Assert.StartsWith("old", value));
    }

    [Fact]
    public async Task A_reader_opened_for_the_old_topic_after_the_new_one_was_made_reads_nothing()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Message("a", $"old {number}"))]);
        var found = await Bench.MakeAgainAsync(topic);
        await Bench.ProduceAsync(topic, Enumerable.Range(0, 100).Select(number => $"new {number}"));

        await using var reader = log.OpenReader(identity, 0, 10);
        var thrown = await reader.ReadUntilThrownAsync<LogReplacedException>(new MessageCollector());

        Assert.Equal(found.TopicId, thrown.Found);
        await Assert.ThrowsAsync<LogReplacedException>(async () => await reader.ReadAsync(new MessageCollector()));
    }

    [Fact]
    public async Task A_reader_of_a_topic_that_was_deleted_says_so()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);
        await reader.ReadAsync(new MessageCollector());

        await Bench.DeleteAsync(topic);

        var thrown = await reader.ReadUntilThrownAsync<LogReplacedException>(new MessageCollector());
        Assert.Null(thrown.Found);
    }

    [Fact]
    public async Task Whatever_the_moment_of_the_change_no_read_that_succeeds_shows_a_message_of_another_topic()
    {
        const int Generations = 12;
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        var random = new Random(5);

        for (var generation = 0; generation < Generations; generation++)
        {
            var own = $"{generation}";
            await Bench.ProduceAsync(topic, Enumerable.Repeat(own, 200));
            var reading = ReadWhileSameAsync(log, identity);
            await Task.Delay(random.Next(30), Cancellation);
            identity = await Bench.MakeAgainAsync(topic);
            await Bench.ProduceAsync(topic, Enumerable.Repeat($"{generation + 1}", 400));

            var read = await reading.WaitAsync(TestTimeout, Cancellation);
            Assert.All(read, value => Assert.Equal(own, value));
        }
    }

    [Fact]
    public async Task Appending_goes_on_after_the_topic_was_made_again()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 100).Select(number => Message("a", $"{number}"))]);
        await Bench.MakeAgainAsync(topic);

        // One append may fail, for the producer's sequence ended with the old topic; it says so and the next goes on.
        var waited = Stopwatch.StartNew();
        while (await Record.ExceptionAsync(() => log.AppendAsync(Message("a", "new"))) is { } thrown)
        {
            Assert.IsType<LogAppendException>(thrown);
            Assert.True(waited.Elapsed < TestTimeout, thrown.Message);
        }

        Assert.Equal("new", (await log.ReadAllAsync(0))[^1].ValueText);
    }

    /// <summary>What the reads showed that did not end with an exception.</summary>
    private static async Task<List<string?>> ReadWhileSameAsync(KafkaClickLog log, LogIdentity identity)
    {
        var read = new List<string?>();
        await using var reader = log.OpenReader(identity, 0, 0);
        while (true)
        {
            var collector = new MessageCollector(50);
            try
            {
                await reader.ReadAsync(collector);
            }
            catch (LogReplacedException)
            {
                return read;
            }

            read.AddRange(collector.Values);
        }
    }

    private static async Task<LogReplacedException> ReadUntilReplacedAsync(ILogReader reader, MessageCollector read)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TestTimeout)
        {
            // What a read that fails has shown is to be dropped.
            var collector = new MessageCollector();
            try
            {
                await reader.ReadAsync(collector);
                read.Messages.AddRange(collector.Messages);
            }
            catch (LogReplacedException e)
            {
                return e;
            }
        }

        throw new TimeoutException($"The reader did not notice; at {reader.Position}.");
    }
}
