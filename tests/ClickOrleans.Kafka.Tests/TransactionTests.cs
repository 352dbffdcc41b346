using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Conformance.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Tests;

public sealed class TransactionTests(KafkaServer server) : KafkaTestBase(server)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Aborted_messages_are_not_visited_and_the_position_passes_them_and_the_control_records()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using var producer = TransactionalProducer();

        // Offsets: 0, 1 committed, 2 control; 3, 4 aborted, 5 control; 6 committed, 7 control; 8 aborted, 9 control.
        Transaction(producer, topic, commit: true, "a", "b");
        Transaction(producer, topic, commit: false, "lost 1", "lost 2");
        Transaction(producer, topic, commit: true, "c");
        Transaction(producer, topic, commit: false, "lost 3");

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, () => reader.Position == 10, "the end");
        Assert.Equal(["a", "b", "c"], read.Values);
        Assert.Equal([0, 1, 6], read.Offsets);
        Assert.Equal(new OffsetRange(0, 10), await log.GetOffsetsAsync(0));
    }

    [Fact]
    public async Task An_open_transaction_is_behind_the_end_until_it_is_committed()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using var producer = TransactionalProducer();
        Transaction(producer, topic, commit: true, "a");
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, new() { Value = "open"u8.ToArray() });
        await Bench.ProduceAsync(topic, ["after"]);

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, () => reader.Position == 2, "the last stable offset");
        Assert.Equal(["a"], read.Values);
        Assert.Equal(new OffsetRange(0, 2), await log.GetOffsetsAsync(0));
        Assert.Equal(4, await log.GetHighWatermarkAsync(0, TestContext.Current.CancellationToken));

        producer.CommitTransaction(Timeout);
        await reader.ReadUntilAsync(read, 3);
        await reader.ReadUntilAsync(read, () => reader.Position == 5, "the control record");
        Assert.Equal(["a", "open", "after"], read.Values);
    }

    [Fact]
    public async Task A_partition_of_nothing_but_aborted_messages_is_read_to_its_end()
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using var producer = TransactionalProducer();
        Transaction(producer, topic, commit: false, [.. Enumerable.Range(0, 5000).Select(number => number.ToString())]);

        await using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, () => reader.Position == 5001, "the end");

        Assert.Empty(read.Messages);
    }

    private IProducer<byte[]?, byte[]?> TransactionalProducer()
    {
        var producer = Bench.Producer(config => config.TransactionalId = Guid.NewGuid().ToString());
        producer.InitTransactions(Timeout);
        return producer;
    }

    private static void Transaction(IProducer<byte[]?, byte[]?> producer, string topic, bool commit, params string[] values)
    {
        producer.BeginTransaction();
        foreach (var value in values)
        {
            producer.Produce(topic, new() { Value = Encoding.UTF8.GetBytes(value) });
        }

        producer.Flush(Timeout);
        if (commit)
        {
            producer.CommitTransaction(Timeout);
        }
        else
        {
            producer.AbortTransaction(Timeout);
        }
    }
}
