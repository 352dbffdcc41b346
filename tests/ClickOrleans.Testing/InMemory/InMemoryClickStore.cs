using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory;

/// <summary>A click store in memory that keeps the fence and the offsets, and counts the rest.</summary>
public sealed class InMemoryClickStore : IClickStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _next = [];
    private long _stored;
    private long _deadLetters;

    /// <summary>Called with each batch before it is committed: waits, or throws as a store that is unavailable.</summary>
    public Func<ClickBatch, Task> BeforeCommit { get; set; } = _ => Task.CompletedTask;

    public long Stored => Interlocked.Read(ref _stored);

    public Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken) => Task.FromResult((short)1);

    public Task<long> StartPartitionAsync(short logId, int partition, long earliest, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _next.TryAdd(partition, earliest);
            return Task.FromResult(_next[partition]);
        }
    }

    public async Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        await BeforeCommit(batch);
        lock (_gate)
        {
            if (_next[batch.Partition] != batch.ExpectedOffset)
            {
                return false;
            }

            _next[batch.Partition] = batch.NextOffset;
            _stored += batch.Clicks.Count;
            _deadLetters += batch.DeadLetters.Count;
            return true;
        }
    }

    public Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_next[partition] != lost.Start)
            {
                return Task.FromResult(false);
            }

            _next[partition] = lost.End;
            return Task.FromResult(true);
        }
    }

    public Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(new StoreTotals(_stored, _deadLetters, 0, 0, 0, 0));
        }
    }

    public Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<PartitionProgress>>(
                [.. _next.Select(partition => new PartitionProgress(partition.Key, 0, partition.Value, 0))]);
        }
    }
}
