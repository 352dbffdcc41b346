using System.Diagnostics;
using ClickOrleans.Conformance.Log;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Kafka.Tests;

public sealed class PartitionTests(KafkaServer server) : KafkaTestBase(server)
{
    [Fact]
    public async Task Partitions_added_at_run_time_are_counted_read_and_written()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic, 2);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("abc", "1"));

        await Bench.Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 4 }]);

        await Poll.UntilAsync(async () => await log.GetPartitionCountAsync(Cancellation) == 4);

        // "abc" belongs to partition 3 of four; the producer hears of it some seconds later than we do.
        var read = new MessageCollector();
        await using var reader = log.OpenReader(identity, 3, 0);
        var waited = Stopwatch.StartNew();
        while (read.Messages.Count == 0)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "No message came to the new partition.");
            await log.AppendAsync(Message("abc", "2"));
            await reader.ReadAsync(read);
        }

        Assert.Equal("2", read.Messages[0].ValueText);
    }

    [Fact]
    public async Task Every_partition_of_a_topic_that_was_created_has_a_leader_that_answers()
    {
        const int Partitions = 256;
        var log = Bench.Log(KafkaBench.NewTopic(), Partitions);
        await log.OpenAsync();

        var offsets = await Task.WhenAll(
            Enumerable.Range(0, Partitions).Select(partition => log.GetOffsetsAsync(partition, Cancellation)));

        Assert.All(offsets, range => Assert.Equal(new OffsetRange(0, 0), range));
    }

    [Fact]
    public async Task A_topic_that_is_there_keeps_its_number_of_partitions()
    {
        var topic = KafkaBench.NewTopic();
        await Bench.Log(topic, 3).OpenAsync();

        var log = Bench.Log(topic, 8);
        await log.OpenAsync();

        Assert.Equal(3, await log.GetPartitionCountAsync(Cancellation));
    }

    [Fact]
    public async Task A_record_has_the_epoch_of_the_leader_that_appended_it()
    {
        var log = Bench.Log(KafkaBench.NewTopic());
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"));

        var message = await new RangeReader(log, identity, TimeProvider.System).FindAsync(0, 0, Cancellation);

        // No leader was elected since the topic was made.
        Assert.Equal(0, message?.Mark.LeaderEpoch);
    }

    [Fact]
    public async Task Acknowledged_offsets_appear_as_those_of_the_group()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"), Message("a", "2"));
        await using var reader = log.OpenReader(identity, 0, 0);

        reader.Acknowledge(1);
        reader.Acknowledge(2);

        await Poll.UntilAsync(() => Committed(topic) == 2);
    }

    /// <summary>Null while the group's coordinator is coming up.</summary>
    private long? Committed(string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = Bench.Servers, GroupId = "clickorleans", EnableAutoCommit = false }).Build();
        try
        {
            return consumer.Committed([new(topic, 0)], TestTimeout)[0].Offset.Value;
        }
        catch (KafkaException exception) when (exception.Error.Code is
            ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable)
        {
            return null;
        }
    }
}
