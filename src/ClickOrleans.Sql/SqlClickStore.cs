using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>The click store; each database writes a batch in its own way.</summary>
public abstract class SqlClickStore(StoreDatabase database) : IClickStore
{
    private readonly StoppedPartitionRows _stopped = new(database);

    public abstract Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken);

    public async Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new { Topic = log.Topic, TopicId = database.Uuid(log.TopicId) };

        // Selected before the insert: an insert that conflicts still consumes an identity value, of which there are only 32,767.
        var number = await session.ScalarAsync<short?>(SharedSql.SelectLogId, parameters, cancellationToken);
        if (number is null)
        {
            await session.ExecuteAsync(SharedSql.InsertIntoClickLogs, parameters, cancellationToken);
            number = await session.ScalarAsync<short?>(SharedSql.SelectLogId, parameters, cancellationToken);
        }

        return number
            ?? throw new InvalidOperationException($"Log {log.Topic} ({log.TopicId}) was deleted while it was being registered.");
    }

    public async Task<VisitorKey> GetVisitorKeyAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await VisitorHashing.GetKeyAsync(session, cancellationToken);
    }

    public async Task<StoredPosition> StartPartitionAsync(
        short logId, int partition, long earliest, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new { LogId = logId, Partition = partition, Earliest = earliest };
        var found = await FindAsync();
        if (found is null)
        {
            await session.ExecuteAsync(SharedSql.InsertIntoConsumerOffsets, parameters, cancellationToken);
            found = await FindAsync();
        }

        var position = found?.ToPosition()
            ?? throw new InvalidOperationException($"Partition {partition} of log {logId} was deleted while it was being added.");
        await ThrowIfRowsAreAheadAsync(session, position.LogId, partition, cancellationToken);
        return position;

        Task<PositionRow?> FindAsync() =>
            session.FirstOrDefaultAsync<PositionRow>(SharedSql.SelectStoredPosition, parameters, cancellationToken);
    }

    public async Task ReadEventIdsAsync(
        short logId, int partition, OffsetRange offsets, Action<long, Guid> take, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new { LogId = logId, Partition = partition, offsets.Start, offsets.End };
        await using var rows = await session.ReadAsync(SharedSql.SelectEventIds, parameters, cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            take(rows.GetInt64(0), rows.GetGuid(1));
        }
    }

    public async Task<IReadOnlyDictionary<long, Guid>> FindEventIdsAsync(
        short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken)
    {
        if (offsets.Count == 0)
        {
            return new Dictionary<long, Guid>();
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await FindEventIdsAsync(session, logId, partition, offsets, cancellationToken);
        var ids = new Dictionary<long, Guid>(rows.Count);
        rows.ForEach(row => ids[row.Offset] = StoredUuid.Read(row.EventId)!.Value);
        return ids;
    }

    public Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken) =>
        _stopped.AcceptLossAsync(logId, partition, lost, at, cancellationToken);

    public Task<bool> StopPartitionAsync(
        short logId, int partition, long nextOffset, long divergedOffset, DateTime at, CancellationToken cancellationToken) =>
        _stopped.StopAsync(logId, partition, nextOffset, divergedOffset, at, cancellationToken);

    public Task<bool> AcceptDivergenceAsync(DivergenceAcceptance acceptance, CancellationToken cancellationToken) =>
        _stopped.AcceptDivergenceAsync(acceptance, cancellationToken);

    public Task<bool> AdoptLogAsync(PartitionAdoption adoption, CancellationToken cancellationToken) =>
        _stopped.AdoptLogAsync(adoption, cancellationToken);

    public async Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = (await session.FirstOrDefaultAsync<TotalsRow>(SharedSql.SelectTotals, null, cancellationToken))!;
        var indexed = row.Rollups - row.Unindexed - row.IndexRejected;
        return new StoreTotals(row.Stored, row.DeadLetters, row.Folded, row.Rollups, indexed, row.IndexRejected, row.Duplicates);
    }

    public async Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<ProgressRow>(
            SharedSql.SelectPartitionProgress, new { LogId = logId }, cancellationToken);
        return rows.ConvertAll(row => row.ToProgress());
    }

    protected abstract Task<List<EventIdRow>> FindEventIdsAsync(
        StoreSession session, short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken);

    /// <summary>The parameters of <see cref="SharedSql.AdvanceConsumerOffset"/>.</summary>
    protected internal static object Advance(ClickBatch batch) => new
    {
        batch.LogId,
        batch.Partition,
        batch.ExpectedOffset,
        batch.ExpectedRevision,
        batch.NextOffset,
        Clicks = batch.Clicks.Count,
        DeadLetters = batch.DeadLetters.Count,
        Duplicates = batch.Duplicates.Count,
        batch.Traceparent,
        RecordOffset = batch.LastRecord?.Offset,
        RecordEpoch = batch.LastRecord?.LeaderEpoch,
        RecordHash = batch.LastRecord?.Hash,
    };

    /// <exception cref="RowsAheadException"/>
    private static async Task ThrowIfRowsAreAheadAsync(
        StoreSession session, short logId, int partition, CancellationToken cancellationToken)
    {
        var parameters = new { LogId = logId, Partition = partition };
        var row = await session.FirstOrDefaultAsync<AheadRow>(SharedSql.SelectLastRowAhead, parameters, cancellationToken);
        if (row is { Click: not null } or { DeadLetter: not null } or { Duplicate: not null })
        {
            throw new RowsAheadException(
                partition, row.NextOffset, Math.Max(Math.Max(row.Click ?? 0, row.DeadLetter ?? 0), row.Duplicate ?? 0));
        }
    }

    /// <summary>A click's event id.</summary>
    protected sealed class EventIdRow
    {
        public long Offset { get; init; }
        public object? EventId { get; init; }
    }

    private sealed class PositionRow
    {
        public short LogId { get; init; }
        public long StartOffset { get; init; }
        public long NextOffset { get; init; }
        public long? RecordOffset { get; init; }
        public int? RecordEpoch { get; init; }
        public long RecordHash { get; init; }
        public long Revision { get; init; }
        public long? DivergedOffset { get; init; }

        public StoredPosition ToPosition() => new(
            LogId,
            StartOffset,
            NextOffset,
            RecordOffset is { } offset ? new RecordMark(offset, RecordEpoch, RecordHash) : null,
            DivergedOffset,
            Revision);
    }

    private sealed class AheadRow
    {
        public long NextOffset { get; init; }
        public long? Click { get; init; }
        public long? DeadLetter { get; init; }
        public long? Duplicate { get; init; }
    }

    private sealed class TotalsRow
    {
        public long Stored { get; init; }
        public long DeadLetters { get; init; }
        public long Duplicates { get; init; }
        public long Folded { get; init; }
        public long Rollups { get; init; }
        public long Unindexed { get; init; }
        public long IndexRejected { get; init; }
    }

    private sealed class ProgressRow
    {
        public int Partition { get; init; }
        public long StartOffset { get; init; }
        public long NextOffset { get; init; }
        public long FoldedOffset { get; init; }
        public long? DivergedOffset { get; init; }

        public PartitionProgress ToProgress() => new(Partition, StartOffset, NextOffset, FoldedOffset, DivergedOffset);
    }
}
