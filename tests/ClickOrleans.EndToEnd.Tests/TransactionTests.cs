using System.Text;
using ClickOrleans.Testing.Pipelines;
using Confluent.Kafka;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Another's producer works in transactions and aborts some of them.</summary>
public sealed class TransactionTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Transactions = 40;
    private const int Messages = 25;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Aborted_messages_are_not_stored_and_control_records_are_no_losses()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2);
        await pipeline.Topic.MakeAsync();
        await using var silo = await pipeline.RunAsync("--producers", "0");

        await Task.Run(() => Produce(pipeline.Topic));

        // Two of three transactions are committed, in each of the partitions; the last is aborted: the end is control records.
        var committed = Enumerable.Range(0, Transactions).Count(IsCommitted) * Messages;
        Assert.False(IsCommitted(Transactions - 1));
        await silo.WaitForStatusAsync(status => status.Total("stored") == committed && status.Total("lag") == 0, PipelineTestExtensions.Timeout);
        Assert.Equal(0L, await pipeline.Database.AskAsync<long>("select count(*) from clickstream_data where url like '/aborted/%'"));
        Assert.Equal(committed, await pipeline.Database.AskAsync<long>("select count(*) from clickstream_data where url like '/committed/%'"));
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());

        await silo.WaitForStatusAsync(status => status.IsCaughtUp(), PipelineTestExtensions.Timeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(
            (await pipeline.Topic.GetEndsAsync()).Sum(), await pipeline.Database.AskAsync<long>("select sum(next_offset)::bigint from consumer_offsets"));
        output.WriteLine(await pipeline.VerifyAsync(sample: 0));
    }

    private static bool IsCommitted(int transaction) => transaction % 3 != 0;

    private static void Produce(KafkaTopicControl topic)
    {
        using var producer = topic.Producer(config => config.TransactionalId = Guid.NewGuid().ToString());
        producer.InitTransactions(Timeout);
        for (var transaction = 0; transaction < Transactions; transaction++)
        {
            producer.BeginTransaction();
            foreach (var (key, value) in Clicks.Of(IsCommitted(transaction) ? "committed" : "aborted", Messages))
            {
                producer.Produce(new TopicPartition(topic.Name, transaction % 2), new() { Key = key, Value = value });
            }

            producer.Flush(Timeout);
            if (IsCommitted(transaction))
            {
                producer.CommitTransaction(Timeout);
            }
            else
            {
                producer.AbortTransaction(Timeout);
            }
        }
    }
}
