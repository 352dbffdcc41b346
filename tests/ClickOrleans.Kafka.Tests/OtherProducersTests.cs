using System.Diagnostics;
using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Conformance.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka.Tests;

public sealed class OtherProducersTests(KafkaServer server) : KafkaTestBase(server)
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Messages_of_any_codec_with_headers_and_odd_keys_are_read_as_they_are(CompressionType codec)
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using (var producer = Bench.Producer(config =>
        {
            config.CompressionType = codec;
            config.LingerMs = 20;
            config.ClientId = "somebody else";
        }))
        {
            for (var number = 0; number < 1000; number++)
            {
                producer.Produce(new TopicPartition(topic, 0), new()
                {
                    Key = number % 3 == 0 ? null : Encoding.UTF8.GetBytes($"key {number}"),
                    Value = number % 100 == 0 ? null : Encoding.UTF8.GetBytes($"value {number} " + new string('x', number)),
                    Headers = [new Header("trace", [1, 2, 3]), new Header("empty", null)],
                    Timestamp = new(1_000_000_000_000 + number, TimestampType.CreateTime),
                });
            }

            producer.Flush(Cancellation);
        }

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, 1000);

        for (var number = 0; number < 1000; number++)
        {
            var message = read.Messages[number];
            Assert.Equal(number, message.Offset);
            Assert.Equal(number % 3 == 0 ? null : $"key {number}", message.KeyText);
            Assert.Equal(number % 100 == 0 ? null : $"value {number} " + new string('x', number), message.ValueText);
            Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(1_000_000_000_000 + number), message.AppendedAt);
        }
    }

    [Fact]
    public async Task A_timestamp_in_microseconds_does_not_keep_its_partition_from_being_read()
    {
        var topic = KafkaBench.NewTopic();
        await Bench.Admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = topic,
            NumPartitions = 1,
            Configs = new() { ["message.timestamp.after.max.ms"] = $"{long.MaxValue}" },
        }]);
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using var producer = Bench.Producer(config => config.TopicMetadataRefreshIntervalMs = 200);
        long[] timestamps = [1_767_323_045_678, 1_767_323_045_678_000, long.MaxValue, 1_767_323_045_679];

        foreach (var timestamp in timestamps)
        {
            await producer.ProduceAsync(
                new TopicPartition(topic, 0),
                new() { Value = "x"u8.ToArray(), Timestamp = new(timestamp, TimestampType.CreateTime) },
                Cancellation);
        }

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, timestamps.Length);
        Assert.Equal([2026, 9999, 9999, 2026], read.Messages.Select(message => message.AppendedAt.Year));
    }

    [Fact]
    public async Task The_first_message_that_the_broker_refuses_is_named()
    {
        var topic = KafkaBench.NewTopic();
        await Bench.Admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = topic,
            NumPartitions = 1,
            Configs = new() { ["max.message.bytes"] = "1000" },
        }]);

        // A batch is refused as a whole: here each message is one.
        var log = Bench.Log(topic, 1, ("batch.num.messages", "1"), ("compression.type", "none"));
        await log.OpenAsync();
        LogMessage[] messages =
        [
            new(null, new byte[100]), new(null, new byte[5000]), new(null, new byte[100]), new(null, new byte[6000]),
        ];

        var exception = await Assert.ThrowsAsync<LogAppendException>(() => log.AppendAsync(messages, Cancellation));

        Assert.Equal((2, 4, 1), (exception.Failed, exception.Total, exception.First));
    }

    [Fact]
    public async Task Headers_that_are_no_trace_context_are_passed_over_and_those_that_are_come_with_their_message()
    {
        const string Good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        byte[]?[] parents =
        [
            null, [], [0xff, 0xfe, 0], Encoding.ASCII.GetBytes(new string('0', 55)), Encoding.ASCII.GetBytes(Good[..54]),
            Encoding.ASCII.GetBytes(Good.ToUpperInvariant()), Encoding.ASCII.GetBytes("ff" + Good[2..]), new byte[100_000],
            Encoding.ASCII.GetBytes("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            Encoding.ASCII.GetBytes("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
            Encoding.ASCII.GetBytes(Good),
        ];
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using (var producer = Bench.Producer(_ => { }))
        {
            foreach (var parent in parents)
            {
                producer.Produce(new TopicPartition(topic, 0), new()
                {
                    Value = [1],
                    Headers = [new Header("traceparent", parent), new Header("tracestate", new byte[2000])],
                });
            }

            producer.Flush(Cancellation);
        }

        await using var reader = log.OpenReader(identity, 0, 0);
        var visitor = new Visitor();
        while (visitor.Messages < parents.Length)
        {
            await reader.ReadAsync(visitor);
        }

        var (before, origin) = Assert.Single(visitor.Origins);
        Assert.Equal(parents.Length - 1, before);
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", origin.TraceId.ToString());
        Assert.Equal("00f067aa0ba902b7", origin.SpanId.ToString());
        Assert.Null(origin.TraceState);
    }

    private sealed class Visitor : IMessageVisitor
    {
        public int Messages { get; private set; }

        public List<(int Before, ActivityContext Origin)> Origins { get; } = [];

        public bool WantsOrigins => true;

        public bool Visit(in ReceivedMessage message) => ++Messages > 0;

        public void TakeOrigin(in ActivityContext origin) => Origins.Add((Messages, origin));
    }
}
