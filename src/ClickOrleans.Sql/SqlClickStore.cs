using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>The click store; how a batch is written is each database's own affair.</summary>
public abstract class SqlClickStore(StoreDatabase database) : IClickStore
{
    public abstract Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken);

    public async Task<short> RegisterLogAsync(LogIdentity log, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new { Topic = log.Topic, TopicId = database.Uuid(log.TopicId) };

        // Looked up first: an insert that finds the row there draws a number all the same, and there are only 32,767.
        var number = await session.ScalarAsync<short?>("select_log_id", parameters, cancellationToken);
        if (number is null)
        {
            await session.ExecuteAsync("insert_into_click_logs", parameters, cancellationToken);
            number = await session.ScalarAsync<short?>("select_log_id", parameters, cancellationToken);
        }

        return number ?? throw new InvalidOperationException($"Log {log.TopicId} was removed while it was registered.");
    }

    public async Task<long> StartPartitionAsync(short logId, int partition, long earliest, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new { LogId = logId, Partition = partition, Earliest = earliest };
        var next = await session.ScalarAsync<long?>("select_next_offset", parameters, cancellationToken);
        if (next is null)
        {
            await session.ExecuteAsync("insert_into_consumer_offsets", parameters, cancellationToken);
            next = await session.ScalarAsync<long?>("select_next_offset", parameters, cancellationToken);
        }

        return next ?? throw new InvalidOperationException($"Partition {partition} was removed while it was started.");
    }

    public async Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lost.Count, nameof(lost));
        await using var session = await database.BeginAsync(cancellationToken);
        var move = new
        {
            LogId = logId,
            Partition = partition,
            ExpectedOffset = lost.Start,
            NextOffset = lost.End,
            Clicks = 0,
            DeadLetters = 0,
            Traceparent = (string?)null,
        };
        if (await session.ExecuteAsync("move_consumer_offset", move, cancellationToken) == 0)
        {
            return false;
        }

        var range = new { LogId = logId, Partition = partition, Start = lost.Start, End = lost.End, At = database.Time(at) };
        await session.ExecuteAsync("insert_into_lost_ranges", range, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<StoreTotals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = (await session.FirstOrDefaultAsync<TotalsRow>("select_totals", null, cancellationToken))!;
        return new StoreTotals(
            row.Stored, row.DeadLetters, row.Folded, row.Rollups, row.Rollups - row.Unindexed - row.IndexRejected, row.IndexRejected);
    }

    public async Task<IReadOnlyList<PartitionProgress>> GetProgressAsync(short logId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<ProgressRow>("select_progress", new { LogId = logId }, cancellationToken);
        return rows.ConvertAll(row => new PartitionProgress(row.Partition, row.StartOffset, row.NextOffset, row.FoldedOffset));
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
