using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory;

/// <summary>A click log in memory, filled partition by partition. Nothing in it leaves the caller's scheduler.</summary>
public sealed class InMemoryLog(int partitions, TimeProvider time) : IClickLog
{
    private readonly LogIdentity _identity = new("memory", Guid.NewGuid());
    private readonly InMemoryPartition[] _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new InMemoryPartition())];
    private int _next;

    public string Description => "memory";

    public string Topic => _identity.Topic;

    public Task<LogIdentity> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(_identity);

    public Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken) => Task.FromResult(_identity);

    public Task<int> GetPartitionCountAsync(CancellationToken cancellationToken) => Task.FromResult(partitions);

    public Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken) =>
        Task.FromResult(new OffsetRange(0, _partitions[partition].End));

    /// <summary>Appends to the partitions in turn where a message has no key.</summary>
    public Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().UtcDateTime;
        foreach (var message in messages)
        {
            var partition = message.Key is { } key ? KeyPartitioner.Partition(key.Span, partitions) : _next++ % partitions;
            _partitions[partition].Append(at, message.Key?.ToArray(), message.Value.ToArray());
        }

        return Task.CompletedTask;
    }

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset) =>
        new InMemoryReader(_partitions[partition], partition, offset, time);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
