using ClickOrleans.Conformance.Log;
using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Kafka.Tests;

/// <summary>A partition with a backlog while others have all turns.</summary>
public sealed class GivingWayTests(KafkaServer server) : KafkaTestBase(server)
{
    private const int Count = 20_000;

    [Fact]
    public async Task A_partition_that_gives_way_goes_on_where_it_was_with_no_message_twice_or_left_out()
    {
        var topic = KafkaBench.NewTopic();
        var identity = await Bench.Log(topic).OpenAsync(Cancellation);
        await Bench.ProduceAsync(topic, Enumerable.Range(0, Count).Select(number => $"{number} {new string('x', 100)}"));
        var options = new KafkaOptions
        {
            Topic = topic,
            // A queue is full before all messages are fetched.
            Client = { ["queued.max.messages.kbytes"] = "1024", ["fetch.message.max.bytes"] = "262144" },
        };
        var time = TimeProvider.System;
        var log = new ClientLog(NullLogger.Instance, time);
        await using var admin = new KafkaAdmin(KafkaProperties.ForAdmin(Bench.Servers, options), time, log);
        var current = new KafkaTopic(admin, topic, time);
        var offsets = new OffsetLookups(admin, current, time);
        await using var consumers = new KafkaConsumers(
            () => KafkaProperties.ForConsumer(Bench.Servers, options, 1), offsets, time, log);
        await using var groupOffsets = new GroupOffsetReporter(consumers, time, log);
        await using var reader = new KafkaLogReader(
            identity, 0, 0, current, consumers, (partition, _) => offsets.AskAsync(partition), groupOffsets, time);
        while (consumers.Turns.TryTake())
        {
            // Others have them all.
        }

        var read = new MessageCollector();
        await Poll.UntilAsync(async () =>
        {
            await reader.ReadAsync(read, TimeSpan.Zero, Cancellation);
            return consumers.Turns.AreWanted;
        });
        Assert.InRange(reader.Position, FetchedMessages.Most, Count - 1);
        consumers.Turns.GiveBack();
        await reader.ReadUntilAsync(read, Count);

        Assert.Equal(Enumerable.Range(0, Count).Select(number => (long)number), read.Offsets);
    }
}
