using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>The store as consumers see it: the fence is the compare-and-set of the consumed offset.</summary>
internal sealed class InMemoryClickStore(InMemoryConnection connection, TimeProvider time, Func<Click, bool> rejects)
    : IClickStore
{
    public Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken) => connection.WriteAsync(
        "register_log",
        state =>
        {
            var place = state.Logs.FindIndex(known => known.TopicId == log.TopicId);
            return place >= 0
                ? (state, (short)(place + 1))
                : (state with { Logs = state.Logs.Add(log) }, (short)(state.Logs.Count + 1));
        },
        cancellationToken);

    public Task<long> StartPartitionAsync(short logId, int partition, long earliest, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            "start_partition",
            state =>
            {
                var key = new PartitionKey(logId, partition);
                var rows = state.Find(key);
                rows.ThrowIfAhead(partition);
                return rows.Consumed is { } consumed
                    ? (state, consumed.Next)
                    : (state.With(key, rows with { Consumed = new ConsumerOffset(earliest, earliest) }), earliest);
            },
            cancellationToken);

    public Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken) =>
        connection.WriteAsync("commit_batch", state => Commit(state, batch), cancellationToken);

    public Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lost.Count, nameof(lost));
        return connection.WriteAsync(
            "accept_loss",
            state =>
            {
                var key = new PartitionKey(logId, partition);
                var rows = state.Find(key);
                if (rows.Consumed is not { } consumed || consumed.Next != lost.Start)
                {
                    return (state, false);
                }

                rows = rows with { Consumed = consumed with { Next = lost.End }, Lost = rows.Lost.Add(lost) };
                return (state.With(key, rows), true);
            },
            cancellationToken);
    }

    public Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken) => connection.ReadAsync(
        "totals",
        state => new StoreTotals(
            state.Partitions.Values.Sum(rows => rows.Consumed?.Stored ?? 0),
            state.Partitions.Values.Sum(rows => rows.Consumed?.OpenDeadLetters ?? 0),
            state.Partitions.Values.Sum(rows => rows.Aggregated?.Folded ?? 0),
            state.Rollups.Count,
            state.Rollups.Values.Count(row => !row.IsUnindexed && !row.IsRejected),
            state.Rollups.Values.Count(row => row.IsRejected)),
        cancellationToken);

    public Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<PartitionProgress>>(
            "progress",
            state =>
            [
                .. state.Partitions.Where(entry => entry.Key.LogId == logId && entry.Value.Consumed is not null)
                    .Select(entry => new PartitionProgress(
                        entry.Key.Partition, entry.Value.Consumed!.Start, entry.Value.Consumed.Next, entry.Value.FoldedOffset)),
            ],
            cancellationToken);

    private (StoreState State, bool Stored) Commit(StoreState state, ClickBatch batch)
    {
        var key = new PartitionKey(batch.LogId, batch.Partition);
        var rows = state.Find(key);
        if (rows.Consumed is not { } consumed || consumed.Next != batch.ExpectedOffset)
        {
            return (state, false);
        }

        var moved = consumed with
        {
            Next = batch.NextOffset,
            Stored = consumed.Stored + batch.Clicks.Count,
            OpenDeadLetters = consumed.OpenDeadLetters + batch.DeadLetters.Count,
        };
        if (batch.Traceparent is { } traceparent)
        {
            moved = moved with { Traceparent = traceparent, Traced = batch.NextOffset };
        }

        var clicks = Enumerable.Range(0, batch.Clicks.Count)
            .Select(row => new StoredClick(batch.Clicks.Offsets[row], batch.Clicks[row]));
        var stored = rows.AddClicks(clicks, rejects).AddLetters(batch.DeadLetters, time.GetUtcNow().UtcDateTime);
        return (state.With(key, stored with { Consumed = moved }), true);
    }
}
