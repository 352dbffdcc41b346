using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Consuming;

/// <summary>A store whose commits first do what the test says: throw, wait, let another in.</summary>
internal class ScriptedStore(IClickStore inner) : IClickStore
{
    private int _commits;
    private long _stored;

    /// <summary>Called with the number of the commit, from 0, and its batch.</summary>
    public Func<int, ClickBatch, Task> BeforeCommit { get; set; } = (_, _) => Task.CompletedTask;

    public int Commits => _commits;

    /// <summary>The clicks of all commits that stored their batch.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    public virtual async Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        await BeforeCommit(Interlocked.Increment(ref _commits) - 1, batch);
        if (!await inner.CommitAsync(batch, cancellationToken))
        {
            return false;
        }

        Interlocked.Add(ref _stored, batch.Clicks.Count);
        return true;
    }

    public Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken) =>
        inner.RegisterLogAsync(log, cancellationToken);

    public Task<VisitorKey> GetVisitorKeyAsync(CancellationToken cancellationToken) =>
        inner.GetVisitorKeyAsync(cancellationToken);

    public Task<StoredPosition> StartPartitionAsync(
        short logId, int partition, long earliest, CancellationToken cancellationToken) =>
        inner.StartPartitionAsync(logId, partition, earliest, cancellationToken);

    public Task ReadEventIdsAsync(
        short logId, int partition, OffsetRange offsets, Action<long, Guid> take, CancellationToken cancellationToken) =>
        inner.ReadEventIdsAsync(logId, partition, offsets, take, cancellationToken);

    public Task<IReadOnlyDictionary<long, Guid>> FindEventIdsAsync(
        short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken) =>
        inner.FindEventIdsAsync(logId, partition, offsets, cancellationToken);

    public Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken) =>
        inner.AcceptLossAsync(logId, partition, lost, at, cancellationToken);

    public Task<bool> StopPartitionAsync(
        short logId, int partition, long nextOffset, long divergedOffset, DateTime at, CancellationToken cancellationToken) =>
        inner.StopPartitionAsync(logId, partition, nextOffset, divergedOffset, at, cancellationToken);

    public Task<bool> AcceptDivergenceAsync(DivergenceAcceptance acceptance, CancellationToken cancellationToken) =>
        inner.AcceptDivergenceAsync(acceptance, cancellationToken);

    public Task<bool> AdoptLogAsync(PartitionAdoption adoption, CancellationToken cancellationToken) =>
        inner.AdoptLogAsync(adoption, cancellationToken);

    public Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken) => inner.GetTotalsAsync(cancellationToken);

    public Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken) =>
        inner.GetProgressAsync(logId, cancellationToken);
}
