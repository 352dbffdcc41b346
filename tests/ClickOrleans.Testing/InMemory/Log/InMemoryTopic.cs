using System.Diagnostics;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory.Log;

/// <summary>
/// The messages behind any number of <see cref="InMemoryClickLog"/>: what a broker keeps while its clients come and go. It can be
/// truncated, deleted and recreated, and made unavailable.
/// </summary>
public sealed class InMemoryTopic(string name, int partitions)
{
    private readonly Lock _gate = new();
    private InMemoryPartition[] _partitions = [];
    private LogIdentity? _identity;
    private int _unkeyed;
    private TaskCompletionSource _arrival = new();

    public string Name => name;

    /// <summary>What messages that are appended now have as their leader's epoch; null: the topic has no epochs.</summary>
    public int? LeaderEpoch { get; set; }

    /// <summary>Thrown by every call of every client while it is set: an outage.</summary>
    public Exception? Outage { get; set; }

    /// <summary>Whether messages have the times of their producers, as Kafka's CreateTime.</summary>
    public bool HasProducerTime { get; set; }

    /// <summary>How many messages of open transactions lie behind the end of each partition.</summary>
    public int Unstable { get; set; }

    /// <summary>Completes at the next change. Take it before looking for messages, so that no append falls in between.</summary>
    internal Task Arrival
    {
        get
        {
            lock (_gate)
            {
                return _arrival.Task;
            }
        }
    }

    /// <summary>Removes a partition's messages below <paramref name="offset"/>, as retention does.</summary>
    public void Truncate(int partition, long offset) => Change(() => Find(partition).Truncate(offset));

    /// <summary>Removes a partition's messages from <paramref name="end"/> on, as restoring its disk does.</summary>
    public void SetBack(int partition, long end) => Change(() =>
    {
        Find(partition).SetBack(end);
        LeaderEpoch++;
    });

    /// <summary>Appends a message without value.</summary>
    public void AppendTombstone(int partition, byte[]? key, DateTime at) =>
        Change(() => Find(partition).Append(new InMemoryMessage(at, key, null, default, LeaderEpoch)));

    /// <summary>Appends a message of another time than now, as Kafka lets a producer do.</summary>
    public void AppendAt(int partition, DateTime at) =>
        Change(() => Find(partition).Append(new InMemoryMessage(at, null, [1], default)));

    /// <summary>Takes an offset that holds no message, as the end of a Kafka transaction does.</summary>
    public void AppendControlRecord(int partition) => Change(() => Find(partition).Append(null));

    /// <summary>Adds partitions at the end.</summary>
    public void AddPartitions(int count) => Change(() => _partitions = [.. _partitions, .. NewPartitions(count)]);

    /// <summary>Deletes the topic; the next client that opens it makes another log of the same name.</summary>
    public void Delete() => Change(() => (_identity, _partitions) = (null, []));

    internal LogIdentity Open() => Ask(() =>
    {
        if (_identity is null)
        {
            (_identity, _partitions) = (new LogIdentity(name, Guid.NewGuid()), NewPartitions(partitions));
        }

        return _identity;
    });

    internal LogIdentity? Identity => Ask(() => _identity);

    internal int PartitionCount => Ask(() => _partitions.Length);

    internal OffsetRange Offsets(int partition) => Ask(() => Find(partition).Offsets);

    internal void Append(IReadOnlyList<LogMessage> messages, DateTime at, ActivityContext origin) => Change(() =>
    {
        if (_identity is null)
        {
            throw new LogAppendException(messages.Count, messages.Count, $"there is no topic {name}");
        }

        foreach (var message in messages)
        {
            var partition = message.Key is { } key
                ? KeyPartitioner.Partition(key.Span, _partitions.Length)
                : _unkeyed++ % _partitions.Length;
            _partitions[partition].Append(
                new InMemoryMessage(at, message.Key?.ToArray(), message.Value.ToArray(), origin, LeaderEpoch));
        }
    });

    /// <summary>At most <paramref name="limit"/> offsets from <paramref name="position"/>; null: no message.</summary>
    /// <exception cref="LogReplacedException"/>
    /// <exception cref="OffsetOutOfRangeException"/>
    internal IReadOnlyList<InMemoryMessage?> Read(LogIdentity identity, int partition, long position, int limit) => Ask(() =>
    {
        if (identity != _identity)
        {
            throw new LogReplacedException(identity, _identity?.TopicId);
        }

        var available = Find(partition).Offsets;
        if (position < available.Start || position > available.End)
        {
            throw new OffsetOutOfRangeException(partition, position, available);
        }

        return Find(partition).Read(position, limit);
    });

    private static InMemoryPartition[] NewPartitions(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new InMemoryPartition())];

    private InMemoryPartition Find(int partition) => partition >= 0 && partition < _partitions.Length
        ? _partitions[partition]
        : throw new ArgumentOutOfRangeException(nameof(partition), partition, $"Topic {name} has no such partition.");

    private T Ask<T>(Func<T> ask)
    {
        lock (_gate)
        {
            return Outage is { } outage ? throw outage : ask();
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource arrival;
        lock (_gate)
        {
            if (Outage is { } outage)
            {
                throw outage;
            }

            change();
            (arrival, _arrival) = (_arrival, new());
        }

        // Outside the lock; whoever waits is continued by its own scheduler, in virtual time by the test's thread.
        arrival.SetResult();
    }
}
