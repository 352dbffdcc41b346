using ClickOrleans.Conformance.Log;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing.InMemory.Log;
using Microsoft.Extensions.Time.Testing;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Pipeline.Tests.InMemory;

/// <summary>What only a topic's administration does to it.</summary>
public class InMemoryTopicTests
{
    private readonly InMemoryTopic _topic = new("clickstream", 2);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryClickLog _log;

    public InMemoryTopicTests() => _log = new InMemoryClickLog(_topic, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_topic_deleted_and_recreated_is_another_log_and_empty()
    {
        var first = await _log.OpenAsync();
        await _log.AppendAsync(Message("a", "1"));

        _topic.Delete();

        await Assert.ThrowsAsync<LogMissingException>(() => _log.IdentifyAsync(Cancellation));
        var second = await _log.OpenAsync();
        Assert.Equal(first.Topic, second.Topic);
        Assert.NotEqual(first.TopicId, second.TopicId);
        Assert.Equal(new OffsetRange(0, 0), await _log.GetOffsetsAsync(0));
    }

    [Fact]
    public async Task Appending_to_a_deleted_topic_is_not_acknowledged()
    {
        await _log.OpenAsync();
        _topic.Delete();

        var thrown = await Assert.ThrowsAsync<LogAppendException>(() => _log.AppendAsync(Message("a", "1"), Message("a", "2")));

        Assert.Equal((2, 2), (thrown.Failed, thrown.Total));
    }

    [Fact]
    public async Task Control_records_take_offsets_and_hold_no_message()
    {
        await _log.OpenAsync();
        await _log.AppendAsync(Message("a", "1"));
        _topic.AppendControlRecord(0);
        await _log.AppendAsync(Message("a", "2"));
        _topic.AppendControlRecord(0);

        Assert.Equal(new OffsetRange(0, 4), await _log.GetOffsetsAsync(0));
        Assert.Equal([0L, 2], (await _log.ReadAllAsync(0)).Select(message => message.Offset));
    }

    [Fact]
    public async Task Added_partitions_are_empty_and_the_others_keep_their_messages()
    {
        await _log.OpenAsync();
        await _log.AppendAsync(Message("a", "1"));

        _topic.AddPartitions(3);

        Assert.Equal(5, await _log.GetPartitionCountAsync(Cancellation));
        Assert.Equal(new OffsetRange(0, 1), await _log.GetOffsetsAsync(0));
        Assert.Equal(new OffsetRange(0, 0), await _log.GetOffsetsAsync(4));
    }

    [Fact]
    public async Task During_an_outage_every_call_fails_and_nothing_is_appended()
    {
        await _log.OpenAsync();
        _topic.Outage = new IOException("broker unavailable");

        await Assert.ThrowsAsync<IOException>(() => _log.AppendAsync(Message("a", "1")));
        await Assert.ThrowsAsync<IOException>(() => _log.GetOffsetsAsync(0));
        await Assert.ThrowsAsync<IOException>(() => _log.IdentifyAsync(Cancellation));

        _topic.Outage = null;
        Assert.True((await _log.GetOffsetsAsync(0)).IsEmpty);
    }

    [Fact]
    public async Task Messages_carry_the_time_of_the_given_clock()
    {
        await _log.OpenAsync();
        _time.SetUtcNow(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

        await _log.AppendAsync(Message("a", "1"));

        Assert.Equal(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), Assert.Single(await _log.ReadAllAsync(0)).AppendedAt);
    }
}
