using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>The click store; each database writes a batch in its own way.</summary>
public abstract class SqlClickStore(StoreDatabase database) : IClickStore
{
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

    public async Task<long> StartPartitionAsync(short logId, int partition, long earliest, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new { LogId = logId, Partition = partition, Earliest = earliest };
        var next = await session.ScalarAsync<long?>(SharedSql.SelectNextOffset, parameters, cancellationToken);
        if (next is null)
        {
            await session.ExecuteAsync(SharedSql.InsertIntoConsumerOffsets, parameters, cancellationToken);
            next = await session.ScalarAsync<long?>(SharedSql.SelectNextOffset, parameters, cancellationToken);
        }

        await ThrowIfRowsAreAheadAsync(session, logId, partition, cancellationToken);
        return next
            ?? throw new InvalidOperationException($"Partition {partition} of log {logId} was deleted while it was being added.");
    }

    public async Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lost.Count, nameof(lost));
        await using var session = await database.BeginAsync(cancellationToken);
        var advance = new
        {
            LogId = logId,
            Partition = partition,
            ExpectedOffset = lost.Start,
            NextOffset = lost.End,
            Clicks = 0,
            DeadLetters = 0,
            Traceparent = (string?)null,
        };
        if (await session.ExecuteAsync(SharedSql.AdvanceConsumerOffset, advance, cancellationToken) == 0)
        {
            return false;
        }

        var range = new { LogId = logId, Partition = partition, Start = lost.Start, End = lost.End, At = database.Time(at) };
        await session.ExecuteAsync(SharedSql.InsertIntoLostRanges, range, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = (await session.FirstOrDefaultAsync<TotalsRow>(SharedSql.SelectTotals, null, cancellationToken))!;
        var indexed = row.Rollups - row.Unindexed - row.IndexRejected;
        return new StoreTotals(row.Stored, row.DeadLetters, row.Folded, row.Rollups, indexed, row.IndexRejected);
    }

    public async Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<ProgressRow>(
            SharedSql.SelectPartitionProgress, new { LogId = logId }, cancellationToken);
        return rows.ConvertAll(row => new PartitionProgress(row.Partition, row.StartOffset, row.NextOffset, row.FoldedOffset));
    }

    /// <exception cref="RowsAheadException"/>
    private static async Task ThrowIfRowsAreAheadAsync(
        StoreSession session, short logId, int partition, CancellationToken cancellationToken)
    {
        var parameters = new { LogId = logId, Partition = partition };
        var row = await session.FirstOrDefaultAsync<AheadRow>(SharedSql.SelectLastRowAhead, parameters, cancellationToken);
        if (row is { Click: not null } or { DeadLetter: not null })
        {
            throw new RowsAheadException(partition, row.NextOffset, Math.Max(row.Click ?? 0, row.DeadLetter ?? 0));
        }
    }

    private sealed class AheadRow
    {
        public long NextOffset { get; init; }
        public long? Click { get; init; }
        public long? DeadLetter { get; init; }
    }

    private sealed class TotalsRow
    {
        public long Stored { get; init; }
        public long DeadLetters { get; init; }
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
    }
}
