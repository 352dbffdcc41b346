using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>
/// What an operator decides about a partition that stopped: to go on behind what is lost, or with another log. Each is one
/// transaction, which changes nothing where the partition has moved meanwhile.
/// </summary>
internal sealed class StoppedPartitionRows(StoreDatabase database)
{
    public async Task<bool> AcceptLossAsync(
        short logId, int partition, OffsetRange lost, DateTime at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lost.Count, nameof(lost));
        await using var session = await database.BeginAsync(cancellationToken);
        var advance = SqlClickStore.Advance(new ClickBatch
        {
            LogId = logId,
            Partition = partition,
            ExpectedOffset = lost.Start,
            NextOffset = lost.End,
        });
        if (await session.ExecuteAsync(SharedSql.AdvanceConsumerOffset, advance, cancellationToken) == 0)
        {
            return false;
        }

        var range = new { LogId = logId, Partition = partition, Start = lost.Start, End = lost.End, At = database.Time(at) };
        await session.ExecuteAsync(SharedSql.InsertIntoLostRanges, range, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> StopAsync(
        short logId, int partition, long nextOffset, long divergedOffset, DateTime at, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        var stop = new
        {
            LogId = logId,
            Partition = partition,
            NextOffset = nextOffset,
            DivergedOffset = divergedOffset,
            At = database.Time(at),
        };
        if (await session.ExecuteAsync(SharedSql.StopPartition, stop, cancellationToken) == 0)
        {
            return false;
        }

        await session.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> AcceptDivergenceAsync(DivergenceAcceptance acceptance, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        var (logId, partition) = (acceptance.Stopped.LogId, acceptance.Partition);
        var resume = new { LogId = logId, Partition = partition, acceptance.Stopped.NextOffset };
        if (await session.ExecuteAsync(SharedSql.ResumePartition, resume, cancellationToken) == 0)
        {
            return false;
        }

        var ranges = acceptance.Diverged.Select(range => new
        {
            range.LogId,
            Partition = partition,
            range.Offsets.Start,
            range.Offsets.End,
            At = database.Time(acceptance.At),
        });
        await session.ExecuteAsync(SharedSql.InsertIntoDivergedRanges, ranges, cancellationToken);
        await session.ExecuteAsync(
            SharedSql.UpdateLastRecord, Mark(logId, partition, acceptance.LastRecord), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> AdoptLogAsync(PartitionAdoption adoption, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        var replaced = adoption.Replaced;
        var adopted = await FindOrDrawAdoptedAsync(session, adoption, cancellationToken);
        var insert = new
        {
            adoption.LogId,
            adoption.Partition,
            ReplacedLogId = replaced.LogId,
            AdoptedLogId = adopted,
            Start = adoption.StartOffset,
            replaced.NextOffset,
            At = database.Time(adoption.At),
        };
        if (await session.ExecuteAsync(SharedSql.InsertIntoAdoptedPartitions, insert, cancellationToken) == 0)
        {
            return false;
        }

        var start = new { LogId = adopted, adoption.Partition, Earliest = adoption.StartOffset };
        await session.ExecuteAsync(SharedSql.InsertIntoConsumerOffsets, start, cancellationToken);
        var mark = Mark(adopted, adoption.Partition, adoption.LastRecord);
        await session.ExecuteAsync(SharedSql.UpdateLastRecord, mark, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    private static object Mark(short logId, int partition, RecordMark? last) => new
    {
        LogId = logId,
        Partition = partition,
        RecordOffset = last?.Offset,
        RecordEpoch = last?.LeaderEpoch,
        RecordHash = last?.Hash,
    };

    private async Task<short> FindOrDrawAdoptedAsync(
        StoreSession session, PartitionAdoption adoption, CancellationToken cancellationToken)
    {
        var replaced = new { ReplacedLogId = adoption.Replaced.LogId };
        if (await session.ScalarAsync<short?>(SharedSql.SelectAdoptedLogId, replaced, cancellationToken) is { } shared)
        {
            return shared;
        }

        var topic = await session.ScalarAsync<string>(SharedSql.SelectTopic, new { adoption.LogId }, cancellationToken);
        var log = new { Topic = topic, TopicId = database.Uuid(Guid.NewGuid()) };
        await session.ExecuteAsync(SharedSql.InsertIntoClickLogs, log, cancellationToken);
        return (await session.ScalarAsync<short?>(SharedSql.SelectLogId, log, cancellationToken))!.Value;
    }
}
