using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>What others than the pipeline do to its topic.</summary>
public sealed class KafkaTopicControl(string servers, string topic, int partitions) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Lazy<IAdminClient> _admin = new(
        () => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build());

    public string Name => topic;

    public string Servers => servers;

    public IAdminClient Admin => _admin.Value;

    /// <summary>Makes the topic as the program would; waits for the end of one of this name that was just deleted.</summary>
    public async Task MakeAsync()
    {
        while (true)
        {
            try
            {
                var configuration = new Dictionary<string, string> { ["max.message.bytes"] = "2097152" };
                await Admin.CreateTopicsAsync(
                    [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = configuration }]);
                return;
            }
            catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                // The one before is not gone yet.
                await Task.Delay(50);
            }
        }
    }

    public Task DeleteAsync() => Admin.DeleteTopicsAsync([topic]);

    public async Task<bool> ExistsAsync()
    {
        try
        {
            var description = await Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
            return description.TopicDescriptions[0].Partitions.Count > 0;
        }
        catch (DescribeTopicsException)
        {
            return false;
        }
    }

    /// <summary>Each partition's leader, or -1 while it has none, and how many replicas are in sync.</summary>
    public IReadOnlyList<(int Leader, int InSync)> GetLeaders() =>
        [.. Admin.GetMetadata(topic, Timeout).Topics[0].Partitions
            .OrderBy(partition => partition.PartitionId)
            .Select(partition => (partition.Leader, partition.InSyncReplicas.Length))];

    public Task AddPartitionsAsync(int total) => Admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = total }]);

    /// <summary>What retention does: removes everything before the offset.</summary>
    public Task TruncateAsync(int partition, long offset) => Admin.DeleteRecordsAsync([new(topic, partition, offset)]);

    /// <summary>The offsets behind each partition's last message that can be read.</summary>
    public async Task<IReadOnlyList<long>> GetEndsAsync()
    {
        var description = await Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        var asked = description.TopicDescriptions[0].Partitions.Select(partition => new TopicPartitionOffsetSpec
        {
            TopicPartition = new(topic, partition.Partition),
            OffsetSpec = OffsetSpec.Latest(),
        });
        var answer = await Admin.ListOffsetsAsync(asked, new() { IsolationLevel = IsolationLevel.ReadCommitted });
        return [.. answer.ResultInfos.Select(info => info.TopicPartitionOffsetError)
            .OrderBy(found => found.Partition.Value)
            .Select(found => found.Offset.Value)];
    }

    /// <summary>A producer as anybody else would write one.</summary>
    public IProducer<byte[]?, byte[]?> Producer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = servers,
            EnableIdempotence = true,
            LingerMs = 5,
            MessageMaxBytes = 2_000_000,
        };
        configure?.Invoke(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config).Build();
    }

    /// <summary>Appends messages to a partition, in order.</summary>
    public Task ProduceAsync(int partition, IEnumerable<(byte[]? Key, byte[]? Value)> messages) =>
        ProduceAsync(messages.Select(message => (partition, message.Key, message.Value)));

    /// <summary>Appends messages to their partitions, in order.</summary>
    /// <remarks>
    /// Also to a topic made a moment ago, which a broker may not know yet: the producer goes on trying. Of a topic made again use
    /// a producer of its own, as here: the old one's sequence has ended.
    /// </remarks>
    public async Task ProduceAsync(IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> messages) => await Task.Run(() =>
    {
        Error? failed = null;
        using var producer = Producer();
        foreach (var (partition, key, value) in messages)
        {
            while (!TryProduce(producer, new(topic, partition), new() { Key = key, Value = value }, error => failed ??= error))
            {
                producer.Poll(TimeSpan.FromMilliseconds(20));
            }
        }

        producer.Flush(Timeout);
        if (failed is not null)
        {
            throw new KafkaException(failed);
        }
    });

    public void Dispose()
    {
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }

    private static bool TryProduce(
        IProducer<byte[]?, byte[]?> producer, TopicPartition where, Message<byte[]?, byte[]?> message, Action<Error> failed)
    {
        try
        {
            producer.Produce(where, message, report =>
            {
                if (report.Error.IsError)
                {
                    failed(report.Error);
                }
            });
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
