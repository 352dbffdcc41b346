using System.Globalization;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The click store in a SQLite file.</summary>
public sealed class SqliteClickStore(SqliteStoreDatabase database, TimeProvider time) : SqlClickStore(database)
{
    public override Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken) =>
        database.RejectingAsync(() => StoreAsync(batch, cancellationToken), cancellationToken);

    private async Task<bool> StoreAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        await using var session = await database.WriteAsync(cancellationToken);
        if (await session.ExecuteAsync(SharedSql.AdvanceConsumerOffset, Advance(batch), cancellationToken) == 0)
        {
            return false;
        }

        var storedOn = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        InsertClicks(session, batch, storedOn, cancellationToken);
        await session.ExecuteAsync(SqliteStoreSql.UpsertClickDigest, Digest(batch, storedOn), cancellationToken);
        if (batch.DeadLetters.Count > 0)
        {
            await session.ExecuteAsync(SqliteStoreSql.InsertIntoDeadLetters, DeadLetters(batch), cancellationToken);
        }

        if (batch.Duplicates.Count > 0)
        {
            await session.ExecuteAsync(SharedSql.InsertIntoDuplicateClicks, Duplicates(batch), cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
        return true;
    }

    protected override Task<List<EventIdRow>> FindEventIdsAsync(
        StoreSession session, short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken)
    {
        var parameters = new { LogId = logId, Partition = partition, Offsets = $"[{string.Join(',', offsets)}]" };
        return session.QueryAsync<EventIdRow>(SqliteStoreSql.SelectEventIdsAt, parameters, cancellationToken);
    }

    private static IEnumerable<object> Duplicates(ClickBatch batch) => batch.Duplicates.Select(
        duplicate => new { batch.LogId, batch.Partition, duplicate.Offset, duplicate.OriginalOffset });

    private void InsertClicks(
        SqliteWriteSession session, ClickBatch batch, string storedOn, CancellationToken cancellationToken)
    {
        var insert = session.Bulk(SqliteStoreSql.InsertIntoClickstreamData, cancellationToken);
        var (offset, userId) = (insert.Parameter("@Offset"), insert.Parameter("@UserId"));
        var timestamp = insert.Parameter("@Timestamp");
        var (url, country, city) = (insert.Parameter("@Url"), insert.Parameter("@Country"), insert.Parameter("@City"));
        var (browser, os, device) = (insert.Parameter("@Browser"), insert.Parameter("@Os"), insert.Parameter("@Device"));
        var (visitor, eventId) = (insert.Parameter("@Visitor"), insert.Parameter("@EventId"));
        insert.BindNull(eventId);
        insert.Bind(insert.Parameter("@LogId"), batch.LogId);
        insert.Bind(insert.Parameter("@Partition"), batch.Partition);
        insert.Bind(insert.Parameter("@StoredOn"), storedOn);
        var clicks = batch.Clicks;
        for (var row = 0; row < clicks.Count; row++)
        {
            insert.Bind(offset, clicks.Offsets[row]);
            insert.Bind(userId, clicks.UserIds[row]);
            insert.Bind(timestamp, clicks.Timestamps[row]);
            insert.Bind(url, clicks.Urls[row]);
            insert.Bind(country, clicks.Countries[row]);
            insert.Bind(city, clicks.Cities[row]);
            insert.Bind(browser, clicks.Browsers[row]);
            insert.Bind(os, clicks.OperatingSystems[row]);
            insert.Bind(device, clicks.Devices[row]);
            insert.Bind(visitor, clicks.Visitors[row]);
            if (clicks.EventIds.Count > 0)
            {
                Bind(insert, eventId, clicks.EventIds[row]);
            }

            insert.Run();
        }
    }

    private void Bind(SqliteStatement insert, int parameter, Guid? id)
    {
        if (id is { } given)
        {
            insert.Bind(parameter, (string)database.Uuid(given));
        }
        else
        {
            insert.BindNull(parameter);
        }
    }

    private static object Digest(ClickBatch batch, string storedOn) => new
    {
        batch.LogId,
        batch.Partition,
        StoredOn = storedOn,
        batch.ExpectedOffset,
        batch.NextOffset,
        Clicks = batch.Clicks.Count,
        Digest = ClickDigest.Of(batch.Clicks),
    };

    private IEnumerable<object> DeadLetters(ClickBatch batch)
    {
        var at = database.Time(time.GetUtcNow().UtcDateTime);
        return batch.DeadLetters.Select(letter => new
        {
            batch.LogId,
            batch.Partition,
            letter.Offset,
            letter.Key,
            letter.Payload,
            Reason = letter.Reason.Name(),
            letter.Error,
            At = at,
        });
    }
}
