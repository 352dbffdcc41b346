using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Consuming;

/// <summary>A store whose commits only end when they are cancelled.</summary>
/// <param name="committing">Completed when the first commit has begun.</param>
internal sealed class HangingStore(IClickStore inner, TaskCompletionSource committing) : IClickStore
{
    public async Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        committing.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return true;
    }

    public Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken) =>
        inner.RegisterLogAsync(log, cancellationToken);

    public Task<StoredPosition> StartPartitionAsync(
        short logId, int partition, long earliest, CancellationToken cancellationToken) =>
        inner.StartPartitionAsync(logId, partition, earliest, cancellationToken);

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
