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
        await using var parts = await WithBacklogAsync();
        await using var reader = parts.Open(takesTurns: true);
        var read = new MessageCollector();

        // It begins, because nobody has asked yet how many messages wait.
        await Poll.UntilAsync(async () =>
        {
            await reader.ReadAsync(read, TimeSpan.Zero, Cancellation);
            return parts.Turns.AreWanted;
        });
        Assert.InRange(reader.Position, FetchedMessages.Most, Count - 1);
        parts.Turns.GiveBack();
        await reader.ReadUntilAsync(read, Count);

        Assert.Equal(Enumerable.Range(0, Count).Select(number => (long)number), read.Offsets);
    }

    [Fact]
    public async Task A_second_look_waits_for_no_turn()
    {
        await using var parts = await WithBacklogAsync();
        await parts.Offsets.AskAsync(0);
        await using var consumer = parts.Open(takesTurns: true);
        await consumer.ReadAsync(new MessageCollector());
        Assert.Equal((0, true), (consumer.Position, parts.Turns.AreWanted));

        await using var look = parts.Open(takesTurns: false);
        var read = new MessageCollector();
        await look.ReadUntilAsync(read, 1);

        Assert.Equal(0, read.Offsets.First());
    }

    private async Task<Parts> WithBacklogAsync()
    {
        var topic = KafkaBench.NewTopic();
        var identity = await Bench.Log(topic).OpenAsync(Cancellation);
        await Bench.ProduceAsync(topic, Enumerable.Range(0, Count).Select(number => $"{number} {new string('x', 100)}"));
        var parts = new Parts(Bench.Servers, identity);
        while (parts.Turns.TryTake())
        {
            // Others have them all.
        }

        return parts;
    }

    /// <summary>What a log reads with.</summary>
    private sealed class Parts : IAsyncDisposable
    {
        private readonly LogIdentity _identity;
        private readonly KafkaAdmin _admin;
        private readonly KafkaTopic _topic;
        private readonly KafkaConsumers _consumers;
        private readonly GroupOffsetReporter _groupOffsets;

        public Parts(string servers, LogIdentity identity)
        {
            var options = new KafkaOptions
            {
                Topic = identity.Topic,
                // A queue is full before all messages are fetched.
                Client = { ["queued.max.messages.kbytes"] = "1024", ["fetch.message.max.bytes"] = "262144" },
            };
            var log = new ClientLog(NullLogger.Instance, TimeProvider.System);
            _identity = identity;
            _admin = new(KafkaProperties.ForAdmin(servers, options), TimeProvider.System, log);
            _topic = new(_admin, identity.Topic, TimeProvider.System);
            Offsets = new(_admin, _topic, TimeProvider.System);
            _consumers = new(() => KafkaProperties.ForConsumer(servers, options, 1), Offsets, TimeProvider.System, log);
            _groupOffsets = new(_consumers, TimeProvider.System, log);
        }

        public OffsetLookups Offsets { get; }

        public BacklogTurns Turns => _consumers.Turns;

        public KafkaLogReader Open(bool takesTurns) => new(
            _identity,
            0,
            0,
            _topic,
            new PartitionFeed(_consumers, _identity, 0, takesTurns, TimeProvider.System),
            (partition, _) => Offsets.AskAsync(partition),
            _groupOffsets,
            TimeProvider.System);

        public async ValueTask DisposeAsync()
        {
            await _groupOffsets.DisposeAsync();
            await _consumers.DisposeAsync();
            await _admin.DisposeAsync();
        }
    }
}
