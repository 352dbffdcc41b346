using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Sql;

/// <summary>The dead letters in <c>dead_letters</c>; a discarded one stays, without payload, to account for its offset.</summary>
/// <param name="duplicates">Where it is left out, their default.</param>
public sealed class SqlDeadLetterStore(StoreDatabase database, DuplicatesOptions? duplicates = null) : IDeadLetterStore
{
    public async Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Limit is < 1 or > 10_000)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Limit, "The limit must be 1 to 10,000.");
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var parameters = new
        {
            AfterLogId = filter.After?.LogId ?? short.MinValue,
            AfterPartition = filter.After?.Partition ?? -1,
            AfterOffset = filter.After?.Offset ?? -1,
            Reason = filter.Reason?.Name(),
            Partition = filter.Partition,
            Limit = filter.Limit,
        };
        var rows = await session.QueryAsync<DeadLetterRow>(SharedSql.SelectDeadLetters, parameters, cancellationToken);
        return rows.ConvertAll(row => row.ToDeadLetter());
    }

    public async Task<StoredDeadLetter?> FindAsync(DeadLetterId id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = await session.FirstOrDefaultAsync<DeadLetterRow>(
            SharedSql.SelectDeadLetter, new { id.LogId, id.Partition, id.Offset }, cancellationToken);
        return row?.ToDeadLetter();
    }

    public Task<bool> RetryAsync(DeadLetterId id, Click click, CancellationToken cancellationToken) =>
        database.RejectingAsync(() => StoreAsync(id, click, cancellationToken), cancellationToken);

    public async Task<bool> DiscardAsync(DeadLetterId id, DateTime at, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        var parameters = new { id.LogId, id.Partition, id.Offset, At = database.Time(at), Clicks = 0, Duplicates = 0 };
        if (await session.ExecuteAsync(SharedSql.DiscardDeadLetter, parameters, cancellationToken) == 0)
        {
            return false;
        }

        await session.ExecuteAsync(SharedSql.UpdateDeadLetterCounters, parameters, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<bool> StoreAsync(DeadLetterId id, Click click, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        var key = await VisitorHashing.GetKeyAsync(session, cancellationToken);
        var parameters = new
        {
            id.LogId,
            id.Partition,
            id.Offset,
            click.UserId,
            Timestamp = database.Time(click.Timestamp),
            click.Url,
            click.Country,
            click.City,
            click.Browser,
            click.Os,
            click.Device,
            Visitor = key.Hash(click.UserId),
            EventId = click.EventId is { } eventId ? database.Uuid(eventId) : null,
            Clicks = 1,
            Duplicates = 0,
        };
        if (await session.ExecuteAsync(SharedSql.DeleteDeadLetter, parameters, cancellationToken) == 0)
        {
            return false;
        }

        await session.ExecuteAsync(SharedSql.RaiseRevision, parameters, cancellationToken);
        if (await FindOriginalAsync(session, id, click, cancellationToken) is { } original)
        {
            var repeat = new
            {
                id.LogId,
                id.Partition,
                id.Offset,
                OriginalOffset = original,
                Clicks = 0,
                Duplicates = 1,
            };
            await session.ExecuteAsync(SharedSql.InsertIntoDuplicateClicks, repeat, cancellationToken);
            await session.ExecuteAsync(SharedSql.InsertIntoDeadLetterRetries, repeat, cancellationToken);
            await session.ExecuteAsync(SharedSql.UpdateDeadLetterCounters, repeat, cancellationToken);
            await session.CommitAsync(cancellationToken);
            return true;
        }

        await session.ExecuteAsync(SharedSql.InsertIntoClickstreamData, parameters, cancellationToken);
        await session.ExecuteAsync(SharedSql.InsertIntoRetriedClicks, parameters, cancellationToken);
        await session.ExecuteAsync(SharedSql.InsertIntoDeadLetterRetries, parameters, cancellationToken);
        await session.ExecuteAsync(SharedSql.UpdateDeadLetterCounters, parameters, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>A click with the same event id, before or behind, within the window; null where there is none.</summary>
    private async Task<long?> FindOriginalAsync(
        StoreSession session, DeadLetterId id, Click click, CancellationToken cancellationToken)
    {
        var window = (duplicates ?? new DuplicatesOptions()).Window;
        if (click.EventId is not { } eventId || window == 0)
        {
            return null;
        }

        var parameters = new
        {
            id.LogId,
            id.Partition,
            Start = id.Offset - window,
            End = id.Offset + window,
            EventId = database.Uuid(eventId),
        };
        return await session.ScalarAsync<long?>(SharedSql.SelectOriginalOffset, parameters, cancellationToken);
    }

    private sealed class DeadLetterRow
    {
        public short LogId { get; init; }
        public int Partition { get; init; }
        public long Offset { get; init; }
        public byte[]? Key { get; init; }
        public byte[]? Payload { get; init; }
        public string Reason { get; init; } = "";
        public string Error { get; init; } = "";
        public DateTime At { get; init; }

        public StoredDeadLetter ToDeadLetter() =>
            new(new DeadLetterId(LogId, Partition, Offset), Key, Payload, DeadLetterReasons.Parse(Reason), Error, At);
    }
}
