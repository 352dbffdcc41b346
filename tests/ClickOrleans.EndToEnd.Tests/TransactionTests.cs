using System.Text;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using Confluent.Kafka;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>A transactional producer aborts some of its transactions.</summary>
public sealed class TransactionTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Transactions = 40;
    private const int Messages = 25;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Aborted_messages_are_not_stored_and_control_records_are_not_losses()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2);
        await pipeline.Topic.CreateAsync();
        await using var silo = await pipeline.RunAsync("--producers", "0");

        await Task.Run(() => Produce(pipeline.Topic));

        // Two of three transactions are committed in each partition; the last is aborted, so the log ends with a control record.
        var committed = Enumerable.Range(0, Transactions).Count(IsCommitted) * Messages;
        Assert.False(IsCommitted(Transactions - 1));
        await silo.WaitForStatusAsync(
            status => status.Total("stored") == committed && status.Total("lag") == 0, Poll.DefaultTimeout);
        Assert.Equal(0L, await CountAsync("aborted"));
        Assert.Equal(committed, await CountAsync("committed"));
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());

        await silo.WaitForStatusAsync(status => status.IsCaughtUp(), Poll.DefaultTimeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        var next = await pipeline.Database.QueryScalarAsync<long>("select sum(next_offset)::bigint from consumer_offsets");
        Assert.Equal((await pipeline.Topic.GetEndsAsync()).Sum(), next);
        output.WriteLine(await pipeline.VerifyAsync(sample: 0));

        Task<long> CountAsync(string kind) => pipeline.Database.QueryScalarAsync<long>(
            $"select count(*) from clickstream_data where url like '/{kind}/%'");
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
