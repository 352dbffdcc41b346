using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>Administers a pipeline's topic and produces to it, independently of the program under test.</summary>
public sealed class KafkaTopicControl(string servers, string topic, int partitions) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Lazy<IAdminClient> _admin = new(
        () => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build());

    public string Name => topic;

    public string Servers => servers;

    public IAdminClient Admin => _admin.Value;

    /// <summary>Creates the topic as the program does; retries while a deleted topic of this name still exists.</summary>
    public Task CreateAsync() => Poll.UntilAsync(TryCreateAsync, () => $"Topic {topic} still exists.");

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

    /// <summary>Sets one of the topic's own settings.</summary>
    public Task SetAsync(string name, string value) => Admin.IncrementalAlterConfigsAsync(new()
    {
        [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
            [new ConfigEntry { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set }],
    });

    public Task AddPartitionsAsync(int total) => Admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = total }]);

    /// <summary>Removes all records before the offset, as retention does.</summary>
    public Task TruncateAsync(int partition, long offset) => Admin.DeleteRecordsAsync([new(topic, partition, offset)]);

    /// <summary>The end offset of each partition (read committed).</summary>
    public async Task<IReadOnlyList<long>> GetEndsAsync()
    {
        var description = await Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        var requests = description.TopicDescriptions[0].Partitions.Select(
            partition => new TopicPartitionOffsetSpec
            {
                TopicPartition = new(topic, partition.Partition),
                OffsetSpec = OffsetSpec.Latest(),
            });
        var response = await Admin.ListOffsetsAsync(requests, new() { IsolationLevel = IsolationLevel.ReadCommitted });
        return [.. response.ResultInfos
            .Select(info => info.TopicPartitionOffsetError)
            .OrderBy(offset => offset.Partition.Value)
            .Select(offset => offset.Offset.Value)];
    }

    /// <summary>A plain Kafka producer.</summary>
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
    /// Retries while a broker does not know a new topic yet. A recreated topic needs a new producer, as here, because the
    /// idempotent producer's sequence numbers belong to the old one.
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
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private async Task<bool> TryCreateAsync()
    {
        var specification = new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            Configs = new() { ["max.message.bytes"] = "2097152" },
        };
        try
        {
            await Admin.CreateTopicsAsync([specification]);
            return true;
        }
        catch (CreateTopicsException exception) when (exception.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            return false;
        }
    }
}
