using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka.Native;

/// <summary>
/// A librdkafka consumer of a topic's partitions, by its simple consumer interface: no rebalancing, and for each partition a
/// queue of its own. Fetching goes on in librdkafka's threads, whose number follows the brokers and not the partitions.
/// </summary>
internal sealed class NativeConsumer : IDisposable
{
    private readonly NativeClient _client;
    private readonly string _name;
    private readonly nint _commits;
    private nint _topic;
    private bool _committing;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativeConsumer(IEnumerable<KeyValuePair<string, string>> properties, string topic, ILogger logger)
    {
        _client = new(Librdkafka.Consumer, properties, logger);
        _name = topic;
        _commits = Librdkafka.NewQueue(_client.Handle);
        _topic = Librdkafka.NewTopic(_client.Handle, topic, 0);
        if (_topic == 0)
        {
            var refusal = new KafkaException((ErrorCode)Librdkafka.LastError());
            Dispose();
            throw refusal;
        }
    }

    /// <summary>Starts fetching a partition that is not being fetched.</summary>
    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativePartitionQueue Start(int partition, long offset) => new(_client, _topic, partition, offset);

    /// <summary>Runs what librdkafka has put aside for the application's thread, such as a token's renewal.</summary>
    public void Serve() => _ = Librdkafka.Poll(_client.Handle, 0);

    /// <summary>Sends the group's offsets, without waiting for the answer.</summary>
    public void Commit(IReadOnlyCollection<KeyValuePair<int, long>> offsets)
    {
        var list = LibrdkafkaAdmin.NewPartitions(offsets.Count);
        try
        {
            foreach (var (partition, offset) in offsets)
            {
                SetOffset(list, partition, offset);
            }

            var error = (ErrorCode)Librdkafka.Commit(_client.Handle, list, _commits, 0, 0);
            _committing = error == ErrorCode.NoError ? true : throw new KafkaException(error);
        }
        finally
        {
            LibrdkafkaAdmin.DestroyPartitions(list);
        }
    }

    /// <summary>Whether the last commit has its answer.</summary>
    /// <exception cref="KafkaException">It was refused.</exception>
    public bool TryEndCommit()
    {
        if (_committing)
        {
            var answer = LibrdkafkaAdmin.PollQueue(_commits, 0);
            if (answer == 0)
            {
                return false;
            }

            _committing = false;
            try
            {
                NativeAnswers.ThrowIfFailed(answer);
            }
            finally
            {
                LibrdkafkaAdmin.DestroyEvent(answer);
            }
        }

        return true;
    }

    /// <summary>Waits for librdkafka's threads. What was started must have been disposed.</summary>
    public void Dispose()
    {
        if (_topic != 0)
        {
            Librdkafka.DestroyTopic(_topic);
            _topic = 0;
        }

        if (_client.Handle != 0)
        {
            Librdkafka.DestroyQueue(_commits);
            _client.Dispose();
        }
    }

    private unsafe void SetOffset(nint list, int partition, long offset) =>
        LibrdkafkaAdmin.AddPartition(list, _name, partition)->Offset = offset;
}
