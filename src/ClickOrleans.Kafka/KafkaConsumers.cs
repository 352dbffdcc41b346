using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>
/// The consumer clients of a log: one that all partitions share, and a second where a partition is read twice at a time (a second
/// look at a message). A topic made again under the same name has clients of its own, and a client that is out of order is
/// replaced: it ends with its last partition.
/// </summary>
internal sealed class KafkaConsumers(
    Func<IEnumerable<KeyValuePair<string, string>>> properties, OffsetLookups offsets, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>How long closing waits for clients to end; a client that takes longer ends with the process.</summary>
    private static readonly TimeSpan ClosingTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<SharedConsumer> _clients = [];
    private readonly HashSet<Task> _ending = [];
    private bool _closed;

    public BacklogTurns Turns { get; } = new(Math.Max(4, Environment.ProcessorCount));

    /// <summary>Whether more than that many messages are known to wait.</summary>
    public bool HasBacklog(int partition, long position, int messages) => offsets.LastEnd(partition) - position > messages;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public ConsumedPartition Start(LogIdentity identity, int partition, long offset)
    {
        lock (_gate)
        {
            var consumer = ConsumerFor(identity, partition);
            var queue = consumer.Client.Start(partition, offset);
            consumer.Partitions.Add(partition);
            return new(consumer, partition, queue);
        }
    }

    /// <summary>To be called when the partition has stopped and its last message was destroyed.</summary>
    public void Release(ConsumedPartition partition)
    {
        lock (_gate)
        {
            partition.Consumer.Partitions.Remove(partition.Partition);
            EndRetired();
        }
    }

    /// <summary>Sends offsets of the group; see <see cref="NativeConsumer.Commit"/>.</summary>
    /// <exception cref="KafkaException"/>
    public void Commit(LogIdentity identity, IReadOnlyCollection<KeyValuePair<int, long>> offsetsOfGroup)
    {
        lock (_gate)
        {
            ConsumerFor(identity, partition: null).Client.Commit(offsetsOfGroup);
        }
    }

    /// <summary>Whether the last commit has its answer.</summary>
    /// <exception cref="KafkaException">It was refused.</exception>
    public bool TryEndCommit()
    {
        lock (_gate)
        {
            return _clients.Find(client => !client.IsRetired)?.Client.TryEndCommit() ?? true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _closed = true;
            Retire(_ => true);
            ending = [.. _ending];
        }

        await Task.WhenAll(ending).WaitAsync(ClosingTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A consumer of the log that does not fetch the partition, made where there is none.</summary>
    private SharedConsumer ConsumerFor(LogIdentity identity, int? partition)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Retire(client => client.Identity != identity || client.IsSuspect);
        var consumer = _clients.Find(
            client => !client.IsRetired && !(partition is { } wanted && client.Partitions.Contains(wanted)));
        if (consumer is null)
        {
            consumer = new(new(properties(), identity.Topic, logger), identity, time);
            _clients.Add(consumer);
        }

        return consumer;
    }

    private void Retire(Predicate<SharedConsumer> condition)
    {
        foreach (var consumer in _clients.Where(client => !client.IsRetired && condition(client)))
        {
            consumer.IsRetired = true;
            if (consumer.IsSuspect)
            {
                logger.ConsumerReplaced(consumer.Identity.Topic);
            }
        }

        EndRetired();
    }

    private void EndRetired()
    {
        foreach (var consumer in _clients.FindAll(client => client.IsRetired && client.Partitions.Count == 0))
        {
            _clients.Remove(consumer);
            var ending = Task.Run(consumer.Client.Dispose);
            _ending.Add(ending);
            _ = ending.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Forget(Task ended)
    {
        lock (_gate)
        {
            _ending.Remove(ended);
        }
    }
}
