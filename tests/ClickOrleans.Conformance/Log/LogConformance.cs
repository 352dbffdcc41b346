using System.Diagnostics;
using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;
using Xunit;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Conformance.Log;

/// <summary>
/// What every click log promises; a subclass says how its log is made and what only its own tools can do to it.
/// </summary>
public abstract class LogConformance
{
    private static readonly AsyncLocal<object?> TestFlow = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Another log than any before, not yet opened; disposed after the test.</summary>
    protected abstract IClickLog NewLog(int partitions);

    /// <summary>The same log once more, as another process would open it.</summary>
    protected abstract IClickLog OpenAgain(IClickLog log);

    /// <summary>Removes a partition's messages below <paramref name="offset"/>, as retention does.</summary>
    protected abstract Task TruncateAsync(IClickLog log, int partition, long offset);

    /// <summary>Appends a message without value, which no producer of ours writes.</summary>
    protected abstract Task AppendTombstoneAsync(IClickLog log, int partition, string key);

    [Fact]
    public async Task Messages_of_a_partition_come_in_the_order_of_their_append_at_offsets_from_zero()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"), Message("b", "2"));
        await log.AppendAsync(Message("a", "3"));

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, 3);

        Assert.Equal(["1", "2", "3"], read.Values);
        Assert.Equal(["a", "b", "a"], read.Messages.Select(message => message.KeyText));
        Assert.Equal([0, 1, 2], read.Offsets);
        Assert.Equal(3, reader.Position);
    }

    [Fact]
    public async Task The_span_of_an_append_comes_with_its_messages_also_to_who_reads_from_their_middle_and_after_a_restart()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "untraced"));
        var first = await AppendTracedAsync(log, "state=one", Message("a", "1"), Message("a", "2"));
        var second = await AppendTracedAsync(log, null, Message("a", "3"));

        Assert.Equal([first, second], (await OriginsAsync(log, 0, 4)).Distinct());
        Assert.Equal("state=one", first.TraceState);
        Assert.Equal([first, second], (await OriginsAsync(OpenAgain(log), 2, 4)).Distinct());
        Assert.Equal([second], (await OriginsAsync(log, 3, 4)).Distinct());

        async Task<List<ActivityContext>> OriginsAsync(IClickLog log, long from, long end)
        {
            await using var reader = log.OpenReader(identity, 0, from);
            var visitor = new OriginCollector();
            await reader.ReadUntilAsync(visitor.Messages, () => reader.Position >= end, $"{end}", visitor);
            return visitor.Origins;
        }
    }

    [Fact]
    public async Task A_span_that_is_not_recorded_leaves_nothing_in_the_log()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        using (Listen(ActivitySamplingResult.PropagationData))
        {
            await log.AppendAsync(Message("a", "1"));
        }

        await using var reader = log.OpenReader(identity, 0, 0);
        var visitor = new OriginCollector();
        await reader.ReadUntilAsync(visitor.Messages, () => reader.Position >= 1, "the message", visitor);

        Assert.Empty(visitor.Origins);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 0)]
    [InlineData("ab", 2)]
    [InlineData("abc", 3)]
    [InlineData("user-1", 0)]
    [InlineData("user-42", 0)]
    [InlineData("Zoë", 2)]
    public async Task A_key_is_dealt_to_the_partition_that_Kafkas_Java_client_deals_it_to(string key, int expected)
    {
        var log = NewLog(4);
        await log.OpenAsync();

        await log.AppendAsync(Message(key, "value"));

        for (var partition = 0; partition < 4; partition++)
        {
            var offsets = await log.GetOffsetsAsync(partition);
            Assert.Equal(partition == expected ? 1 : 0, offsets.Count);
        }
    }

    [Fact]
    public async Task Messages_without_key_are_all_kept_and_have_none()
    {
        var log = NewLog(4);
        await log.OpenAsync();
        var values = Enumerable.Range(0, 1000).Select(number => number.ToString()).ToArray();

        await log.AppendAsync([.. values.Select(value => Message(null, value))]);

        var read = new List<CollectedMessage>();
        for (var partition = 0; partition < 4; partition++)
        {
            read.AddRange(await log.ReadAllAsync(partition));
        }

        Assert.All(read, message => Assert.Null(message.Key));
        Assert.Equal(values.Order(), read.Select(message => message.ValueText).Order());
    }

    [Fact]
    public async Task An_empty_key_and_an_empty_value_are_not_absent_ones()
    {
        var log = NewLog(1);
        await log.OpenAsync();

        await log.AppendAsync(Message("", ""));

        var message = Assert.Single(await log.ReadAllAsync(0));
        Assert.NotNull(message.Key);
        Assert.Empty(message.Key);
        Assert.NotNull(message.Value);
        Assert.Empty(message.Value);
    }

    [Fact]
    public async Task A_tombstone_comes_without_value()
    {
        var log = NewLog(1);
        await log.OpenAsync();

        await AppendTombstoneAsync(log, 0, "key");

        var message = Assert.Single(await log.ReadAllAsync(0));
        Assert.Equal("key", message.KeyText);
        Assert.Null(message.Value);
    }

    [Fact]
    public async Task Bytes_come_out_as_they_went_in()
    {
        var log = NewLog(1);
        await log.OpenAsync();
        var every = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();

        await log.AppendAsync(new LogMessage(every, every));

        var message = Assert.Single(await log.ReadAllAsync(0));
        Assert.Equal(every, message.Key);
        Assert.Equal(every, message.Value);
    }

    [Fact]
    public async Task Values_of_just_under_a_million_bytes_come_out_whole()
    {
        var log = NewLog(1);
        await log.OpenAsync();
        var random = new Random(1);
        var values = Enumerable.Range(0, 20).Select(_ => new byte[999_000]).ToArray();
        Array.ForEach(values, random.NextBytes);

        await log.AppendAsync([.. values.Select(value => new LogMessage(null, value))]);

        var read = await log.ReadAllAsync(0);
        Assert.Equal(values, read.Select(message => message.Value));
    }

    [Fact]
    public async Task The_time_of_the_append_comes_with_a_message()
    {
        var log = NewLog(1);
        await log.OpenAsync();
        var before = DateTime.UtcNow.AddSeconds(-1);

        await log.AppendAsync(Message("a", "1"));

        var message = Assert.Single(await log.ReadAllAsync(0));
        Assert.InRange(message.AppendedAt, before, DateTime.UtcNow.AddSeconds(1));
        Assert.Equal(DateTimeKind.Utc, message.AppendedAt.Kind);
    }

    [Fact]
    public async Task Offsets_run_from_the_earliest_message_to_where_the_next_will_be()
    {
        var log = NewLog(2);
        await log.OpenAsync();
        Assert.Equal(new OffsetRange(0, 0), await log.GetOffsetsAsync(0));

        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(_ => Message("a", "1"))]);

        // "a" is dealt to partition 0 of two.
        Assert.Equal(new OffsetRange(0, 10), await log.GetOffsetsAsync(0));
        Assert.Equal(new OffsetRange(0, 0), await log.GetOffsetsAsync(1));
    }

    [Fact]
    public async Task Offsets_of_a_partition_that_is_not_there_are_refused()
    {
        var log = NewLog(2);
        await log.OpenAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => log.GetOffsetsAsync(2));
    }

    [Fact]
    public async Task A_record_read_again_has_the_same_mark_and_another_record_another()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"), Message("a", "1"), Message("b", "1"), Message("", "1"), Message(null, "1"));
        await AppendTombstoneAsync(log, 0, "a");

        var first = await MarksAsync(log, 0);
        var again = await MarksAsync(OpenAgain(log), 3);

        Assert.Equal([0, 1, 2, 3, 4, 5], first.Select(mark => mark.Offset));
        Assert.Equal(first.Skip(3), again);
        Assert.Equal(first[0].Hash, first[1].Hash);
        Assert.Equal(5, first.Select(mark => mark.Hash).Distinct().Count());

        async Task<List<RecordMark>> MarksAsync(IClickLog log, long from)
        {
            await using var reader = log.OpenReader(identity, 0, from);
            var visitor = new MarkCollector();
            await reader.ReadUntilAsync(visitor.Messages, () => reader.Position >= 6, "the messages", visitor);
            return visitor.Marks;
        }
    }

    [Fact]
    public async Task The_number_of_partitions_is_the_one_it_was_made_with()
    {
        var log = NewLog(3);
        await log.OpenAsync();

        Assert.Equal(3, await log.GetPartitionCountAsync(Cancellation));
    }

    [Fact]
    public async Task Appending_nothing_is_no_error()
    {
        var log = NewLog(1);
        await log.OpenAsync();

        await log.AppendAsync([]);

        Assert.True((await log.GetOffsetsAsync(0)).IsEmpty);
    }

    [Fact]
    public async Task A_visitor_that_declines_gets_the_next_message_in_the_next_read()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 5).Select(number => Message("a", number.ToString()))]);
        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector(2);
        await reader.ReadUntilAsync(read, 2);

        Assert.Equal(["0", "1"], read.Values);
        Assert.Equal(2, reader.Position);

        read.Allow(int.MaxValue);
        await reader.ReadUntilAsync(read, 5);
        Assert.Equal(["0", "1", "2", "3", "4"], read.Values);
    }

    [Fact]
    public async Task A_reader_starts_at_the_offset_it_was_opened_at()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 5).Select(number => Message("a", number.ToString()))]);

        await using var reader = log.OpenReader(identity, 0, 3);
        Assert.Equal(3, reader.Position);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, 2);

        Assert.Equal([3, 4], read.Offsets);
        Assert.Equal(["3", "4"], read.Values);
    }

    [Fact]
    public async Task Tens_of_thousands_of_messages_come_once_each_and_in_order()
    {
        const int Count = 50_000;
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        foreach (var batch in Enumerable.Range(0, Count).Chunk(7_001))
        {
            await log.AppendAsync([.. batch.Select(number => Message("a", number.ToString()))]);
        }

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector(333);
        while (read.Messages.Count < Count)
        {
            read.Allow(333);
            await reader.ReadUntilAsync(read, Math.Min(Count, read.Messages.Count + 1));
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(number => number.ToString()), read.Values);
        Assert.Equal(Enumerable.Range(0, Count).Select(number => (long)number), read.Offsets);
    }

    [Fact]
    public async Task Reading_at_the_end_returns_when_the_wait_has_passed()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        var waited = Stopwatch.StartNew();

        await reader.ReadAsync(read, TimeSpan.FromMilliseconds(300), Cancellation);

        Assert.Empty(read.Messages);
        Assert.Equal(0, reader.Position);
        Assert.True(waited.Elapsed >= TimeSpan.FromMilliseconds(250), $"It returned after {waited.Elapsed}.");
    }

    [Fact]
    public async Task Reading_without_any_wait_returns_at_once()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);

        await reader.ReadAsync(new MessageCollector(), TimeSpan.Zero, Cancellation);

        Assert.Equal(0, reader.Position);
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_an_append()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();

        // One read, with a wait that the test would not survive: it must return because of the append.
        var reading = reader.ReadAsync(read, TimeSpan.FromMinutes(10), Cancellation).AsTask();
        Assert.False(reading.IsCompleted);
        await log.AppendAsync(Message("a", "1"));
        await reading.WaitAsync(TestTimeout, Cancellation);

        Assert.Equal(["1"], read.Values);
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_an_append_of_another_process()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        var other = OpenAgain(log);
        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();

        var reading = reader.ReadAsync(read, TimeSpan.FromMinutes(10), Cancellation).AsTask();
        Assert.False(reading.IsCompleted);
        await other.OpenAsync();
        await other.AppendAsync(Message("a", "1"));
        await reading.WaitAsync(TestTimeout, Cancellation);

        Assert.Equal(["1"], read.Values);
    }

    [Fact]
    public async Task A_cancelled_read_ends_with_that()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var reading = reader.ReadAsync(new MessageCollector(), TimeSpan.FromMinutes(10), cancellation.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TestTimeout, Cancellation));
    }

    [Fact]
    public async Task An_append_that_was_cancelled_before_appends_nothing()
    {
        var log = NewLog(1);
        await log.OpenAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AppendAsync([Message("a", "1")], cancelled.Token));

        Assert.True((await log.GetOffsetsAsync(0)).IsEmpty);
    }

    [Fact]
    public async Task A_log_opened_again_has_the_same_identity_and_messages()
    {
        var log = NewLog(2);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"), Message("a", "2"));

        var again = OpenAgain(log);

        Assert.Equal(identity, await again.OpenAsync());
        Assert.Equal(2, await again.GetPartitionCountAsync(Cancellation));
        Assert.Equal(["1", "2"], (await again.ReadAllAsync(0)).Select(message => message.ValueText));
    }

    [Fact]
    public async Task Identifying_tells_what_opening_has_made_and_makes_nothing()
    {
        var log = NewLog(1);
        await Assert.ThrowsAsync<LogMissingException>(() => log.IdentifyAsync(Cancellation));
        await Assert.ThrowsAsync<LogMissingException>(() => log.IdentifyAsync(Cancellation));

        var identity = await log.OpenAsync();

        Assert.Equal(identity, await log.IdentifyAsync(Cancellation));
    }

    [Fact]
    public async Task Every_log_has_an_identity_of_its_own()
    {
        var one = await NewLog(1).OpenAsync();
        var other = await NewLog(1).OpenAsync();

        Assert.NotEqual(Guid.Empty, one.TopicId);
        Assert.NotEqual(one.TopicId, other.TopicId);
    }

    [Fact]
    public async Task Logs_opened_by_many_at_the_same_time_are_one_log()
    {
        var first = NewLog(4);
        var all = Enumerable.Range(0, 4).Select(_ => OpenAgain(first)).Append(first).ToArray();

        var identities = await Task.WhenAll(all.Select(log => Task.Run(() => log.OpenAsync())));

        Assert.Single(identities.Distinct());
    }

    [Fact]
    public async Task A_reader_of_another_log_says_what_it_found()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"));
        var another = identity with { TopicId = Guid.NewGuid() };
        await using var reader = log.OpenReader(another, 0, 0);

        var thrown = await reader.ReadUntilThrownAsync<LogReplacedException>(new MessageCollector());

        Assert.Equal(another, thrown.Expected);
        Assert.Equal(identity.TopicId, thrown.Found);
    }

    [Fact]
    public async Task A_position_before_the_logs_start_is_an_error_that_names_what_was_lost()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Message("a", number.ToString()))]);
        await TruncateAsync(log, 0, 6);
        await using var reader = log.OpenReader(identity, 0, 2);
        var read = new MessageCollector();

        var thrown = await reader.ReadUntilThrownAsync<OffsetOutOfRangeException>(read);

        Assert.Empty(read.Messages);
        Assert.Equal(0, thrown.Partition);
        Assert.Equal(2, thrown.Position);
        Assert.Equal(new OffsetRange(6, 10), thrown.Available);
        Assert.Equal(new OffsetRange(2, 6), thrown.Lost);
        Assert.Equal(2, reader.Position);
    }

    [Fact]
    public async Task A_log_whose_messages_were_all_removed_goes_on_at_its_end()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Message("a", number.ToString()))]);
        await TruncateAsync(log, 0, 10);
        Assert.Equal(new OffsetRange(10, 10), await log.GetOffsetsAsync(0));
        await using var reader = log.OpenReader(identity, 0, 10);
        await log.AppendAsync(Message("a", "new"));
        var read = new MessageCollector();

        await reader.ReadUntilAsync(read, 1);

        Assert.Equal([10], read.Offsets);
        Assert.Equal(["new"], read.Values);
    }

    [Fact]
    public async Task A_position_beyond_the_end_is_an_error_and_nothing_lost()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Message("a", number.ToString()))]);
        await using var reader = log.OpenReader(identity, 0, 11);

        var thrown = await reader.ReadUntilThrownAsync<OffsetOutOfRangeException>(new MessageCollector());

        Assert.Equal(11, thrown.Position);
        Assert.Equal(new OffsetRange(0, 10), thrown.Available);
        Assert.True(thrown.Lost.IsEmpty);
    }

    [Fact]
    public async Task What_many_append_at_once_is_there_once_and_in_each_appenders_order()
    {
        const int Batches = 20;
        var log = NewLog(1);
        var other = OpenAgain(log);
        await log.OpenAsync();
        await other.OpenAsync();
        var appenders = new[] { log, log, log, other, other };

        await Task.WhenAll(appenders.Select((appender, name) => Task.Run(async () =>
        {
            for (var batch = 0; batch < Batches; batch++)
            {
                var number = batch;
                await appender.AppendAsync(
                    [.. Enumerable.Range(0, 10).Select(i => Message("a", $"{name}:{(number * 10) + i:0000}"))]);
            }
        })));

        var read = await log.ReadAllAsync(0);
        Assert.Equal(
            Enumerable.Range(0, appenders.Length * Batches * 10).Select(offset => (long)offset),
            read.Select(message => message.Offset));
        foreach (var ofOne in read.Select(message => message.ValueText!).GroupBy(value => value[0]))
        {
            Assert.Equal(Batches * 10, ofOne.Count());
            Assert.Equal(ofOne.Order(StringComparer.Ordinal), ofOne);
        }
    }

    [Fact]
    public async Task Many_readers_of_a_partition_see_the_same()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await log.AppendAsync([.. Enumerable.Range(0, 1000).Select(number => Message("a", number.ToString()))]);

        var reads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var reader = log.OpenReader(identity, 0, 0);
            var read = new MessageCollector();
            await reader.ReadUntilAsync(read, 1000);
            return Encoding.UTF8.GetString([.. read.Messages.SelectMany(message => message.Value!)]);
        })));

        Assert.Single(reads.Distinct());
    }

    [Fact]
    public async Task Acknowledging_is_no_error()
    {
        var log = NewLog(1);
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);

        reader.Acknowledge(0);
    }

    /// <summary>Listens within this test alone: others run beside it.</summary>
    private static ActivityListener Listen(ActivitySamplingResult sampling, Action<Activity>? ended = null)
    {
        var flow = new object();
        TestFlow.Value = flow;
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClickTelemetry.Name,
            Sample = (ref _) => TestFlow.Value == flow ? sampling : ActivitySamplingResult.None,
            ActivityStopped = span => ended?.Invoke(span),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <returns>The context of the span that the log began.</returns>
    private static async Task<ActivityContext> AppendTracedAsync(IClickLog log, string? state, params LogMessage[] messages)
    {
        var publish = default(ActivityContext);
        var parent = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, state);
        using (Listen(ActivitySamplingResult.AllDataAndRecorded, span => publish = IsOurs(span) ? span.Context : publish))
        using (ClickTelemetry.Source.StartActivity("test", ActivityKind.Internal, parent))
        {
            await log.AppendAsync(messages);
        }

        return new(publish.TraceId, publish.SpanId, publish.TraceFlags, publish.TraceState, isRemote: true);

        bool IsOurs(Activity span) => span.OperationName == ClickSpans.Publish && span.TraceId == parent.TraceId;
    }

    private sealed class MarkCollector : IMessageVisitor
    {
        public MessageCollector Messages { get; } = new();

        public List<RecordMark> Marks { get; } = [];

        public bool Visit(in ReceivedMessage message)
        {
            Marks.Add(RecordMark.Of(message));
            return Messages.Visit(message);
        }
    }

    private sealed class OriginCollector : IMessageVisitor
    {
        public MessageCollector Messages { get; } = new();

        public List<ActivityContext> Origins { get; } = [];

        public bool WantsOrigins => true;

        public bool Visit(in ReceivedMessage message) => Messages.Visit(message);

        public void TakeOrigin(in ActivityContext origin) => Origins.Add(origin);
    }
}
