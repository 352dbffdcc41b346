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

    public Task<VisitorKey> GetVisitorKeyAsync(CancellationToken cancellationToken) =>
        connection.ReadAsync("visitor_key", _ => default(VisitorKey), cancellationToken);

    public Task<StoredPosition> StartPartitionAsync(
        short logId, int partition, long earliest, CancellationToken cancellationToken) => connection.WriteAsync(
        "start_partition",
        state =>
        {
            var key = state.Current(logId, partition);
            var rows = state.Find(key);
            rows.ThrowIfAhead(partition);
            return rows.Consumed is { } consumed
                ? (state, PositionOf(key, consumed))
                : (state.With(key, rows with { Consumed = new(earliest, earliest) }), new(key.LogId, earliest, earliest));
        },
        cancellationToken);

    public async Task ReadEventIdsAsync(
        short logId, int partition, OffsetRange offsets, Action<long, Guid> take, CancellationToken cancellationToken)
    {
        var ids = await connection.ReadAsync(
            "event_ids",
            state => IdsOf(state, logId, partition).Where(id => offsets.Contains(id.Offset)).ToList(),
            cancellationToken);
        ids.ForEach(id => take(id.Offset, id.Id));
    }

    public Task<IReadOnlyDictionary<long, Guid>> FindEventIdsAsync(
        short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyDictionary<long, Guid>>(
            "event_ids_at",
            state => IdsOf(state, logId, partition).Where(id => offsets.Contains(id.Offset))
                .ToDictionary(id => id.Offset, id => id.Id),
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
                if (rows.Consumed is not { DivergedOffset: null } consumed || consumed.Next != lost.Start)
                {
                    return (state, false);
                }

                rows = rows with { Consumed = consumed with { Next = lost.End }, Lost = rows.Lost.Add(lost) };
                return (state.With(key, rows), true);
            },
            cancellationToken);
    }

    public Task<bool> StopPartitionAsync(
        short logId, int partition, long nextOffset, long divergedOffset, DateTime at, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            "stop_partition",
            state =>
            {
                var key = new PartitionKey(logId, partition);
                var rows = state.Find(key);
                return rows.Consumed is { } consumed && consumed.Next == nextOffset
                    ? (state.With(key, rows with { Consumed = Stopped(consumed, divergedOffset) }), true)
                    : (state, false);
            },
            cancellationToken);

    public Task<bool> AcceptDivergenceAsync(DivergenceAcceptance acceptance, CancellationToken cancellationToken) =>
        connection.WriteAsync("accept_divergence", state => Accept(state, acceptance), cancellationToken);

    public Task<bool> AdoptLogAsync(PartitionAdoption adoption, CancellationToken cancellationToken) =>
        connection.WriteAsync("adopt_log", state => Adopt(state, adoption), cancellationToken);

    public Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken) => connection.ReadAsync(
        "totals",
        state => new StoreTotals(
            state.Partitions.Values.Sum(rows => rows.Consumed?.Stored ?? 0),
            state.Partitions.Values.Sum(rows => rows.Consumed?.OpenDeadLetters ?? 0),
            state.Partitions.Values.Sum(rows => rows.Aggregated?.Folded ?? 0),
            state.Rollups.Count,
            state.Rollups.Values.Count(row => !row.IsUnindexed && !row.IsRejected),
            state.Rollups.Values.Count(row => row.IsRejected),
            state.Partitions.Values.Sum(rows => rows.Consumed?.Duplicates ?? 0)),
        cancellationToken);

    public Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<PartitionProgress>>(
            "progress",
            state =>
            [
                .. state.Partitions
                    .Where(entry => entry.Key == state.Current(logId, entry.Key.Partition) && entry.Value.Consumed is not null)
                    .OrderBy(entry => entry.Key.Partition)
                    .Select(entry => ProgressOf(entry.Key.Partition, entry.Value, entry.Value.Consumed!)),
            ],
            cancellationToken);

    private static IEnumerable<(long Offset, Guid Id)> IdsOf(StoreState state, short logId, int partition) =>
        state.Find(new PartitionKey(logId, partition)).Clicks
            .Where(click => click.Click.EventId is not null)
            .Select(click => (click.Offset, click.Click.EventId!.Value));

    private static StoredPosition PositionOf(PartitionKey key, ConsumerOffset consumed) =>
        new(key.LogId, consumed.Start, consumed.Next, consumed.LastRecord, consumed.DivergedOffset, consumed.Revision);

    private static PartitionProgress ProgressOf(int partition, PartitionRows rows, ConsumerOffset consumed) =>
        new(partition, consumed.Start, consumed.Next, rows.FoldedOffset, consumed.DivergedOffset);

    private static ConsumerOffset Stopped(ConsumerOffset consumed, long divergedOffset) =>
        consumed with { DivergedOffset = consumed.DivergedOffset ?? divergedOffset };

    private static (StoreState State, bool Accepted) Accept(StoreState state, DivergenceAcceptance acceptance)
    {
        var key = new PartitionKey(acceptance.Stopped.LogId, acceptance.Partition);
        var rows = state.Find(key);
        if (rows.Consumed is not { DivergedOffset: not null } consumed || consumed.Next != acceptance.Stopped.NextOffset)
        {
            return (state, false);
        }

        rows = rows with { Consumed = consumed with { LastRecord = acceptance.LastRecord, DivergedOffset = null } };
        return (acceptance.Diverged.Aggregate(state.With(key, rows), Add), true);

        StoreState Add(StoreState state, ReadRange range)
        {
            var of = new PartitionKey(range.LogId, acceptance.Partition);
            var found = state.Find(of);
            return state.With(of, found with { Diverged = found.Diverged.Add(new(range.Offsets, acceptance.At)) });
        }
    }

    private static (StoreState State, bool Adopted) Adopt(StoreState state, PartitionAdoption adoption)
    {
        var replaced = new PartitionKey(adoption.Replaced.LogId, adoption.Partition);
        if (state.Find(replaced).Consumed is not { DivergedOffset: not null } consumed ||
            consumed.Next != adoption.Replaced.NextOffset ||
            state.Current(adoption.LogId, adoption.Partition) != replaced)
        {
            return (state, false);
        }

        var shared = state.Adopted.Find(adopted => adopted.ReplacedLogId == replaced.LogId);
        if (shared is null)
        {
            var topic = state.Logs[adoption.LogId - 1].Topic;
            state = state with { Logs = state.Logs.Add(new LogIdentity(topic, Guid.NewGuid())) };
        }

        var number = shared?.AdoptedLogId ?? (short)state.Logs.Count;
        var adopted = new AdoptedPartition(
            adoption.LogId, adoption.Partition, replaced.LogId, number, adoption.StartOffset);
        var start = new ConsumerOffset(adoption.StartOffset, adoption.StartOffset, LastRecord: adoption.LastRecord);
        state = state with { Adopted = state.Adopted.Add(adopted) };
        return (state.With(new(number, adoption.Partition), PartitionRows.Empty with { Consumed = start }), true);
    }

    private (StoreState State, bool Stored) Commit(StoreState state, ClickBatch batch)
    {
        var key = new PartitionKey(batch.LogId, batch.Partition);
        var rows = state.Find(key);
        if (rows.Consumed is not { DivergedOffset: null } consumed || consumed.Next != batch.ExpectedOffset ||
            (batch.ExpectedRevision ?? consumed.Revision) != consumed.Revision)
        {
            return (state, false);
        }

        var moved = consumed with
        {
            Next = batch.NextOffset,
            Stored = consumed.Stored + batch.Clicks.Count,
            OpenDeadLetters = consumed.OpenDeadLetters + batch.DeadLetters.Count,
            Duplicates = consumed.Duplicates + batch.Duplicates.Count,
            LastRecord = batch.LastRecord ?? consumed.LastRecord,
        };
        if (batch.Traceparent is { } traceparent)
        {
            moved = moved with { Traceparent = traceparent, Traced = batch.NextOffset };
        }

        var clicks = Enumerable.Range(0, batch.Clicks.Count)
            .Select(row => new StoredClick(batch.Clicks.Offsets[row], batch.Clicks[row]));
        var now = time.GetUtcNow().UtcDateTime;
        var stored = rows.AddClicks(clicks, rejects).AddLetters(batch.DeadLetters, now).AddDuplicates(batch.Duplicates)
            .AddDigest(batch, $"{now:yyyy-MM-dd}");
        return (state.With(key, stored with { Consumed = moved }), true);
    }
}
