using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The click store in a SQLite file.</summary>
public sealed class SqliteClickStore(SqliteStoreDatabase database, TimeProvider time) : SqlClickStore(database)
{
    public override Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken) =>
        database.RejectingAsync(() => StoreAsync(batch, cancellationToken));

    private async Task<bool> StoreAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        await using var session = await database.WriteAsync(cancellationToken);
        var move = new
        {
            batch.LogId,
            batch.Partition,
            ExpectedOffset = batch.ExpectedOffset,
            NextOffset = batch.NextOffset,
            Clicks = batch.Clicks.Count,
            DeadLetters = batch.DeadLetters.Count,
            batch.Traceparent,
        };
        if (await session.ExecuteAsync("move_consumer_offset", move, cancellationToken) == 0)
        {
            return false;
        }

        InsertClicks(session, batch, cancellationToken);
        if (batch.DeadLetters.Count > 0)
        {
            await session.ExecuteAsync("insert_into_dead_letters", DeadLetters(batch), cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
        return true;
    }

    private static void InsertClicks(SqliteWriteSession session, ClickBatch batch, CancellationToken cancellationToken)
    {
        var insert = session.Bulk("insert_into_clickstream_data", cancellationToken);
        var clicks = batch.Clicks;
        insert.Bind(1, batch.LogId);
        insert.Bind(2, batch.Partition);
        for (var row = 0; row < clicks.Count; row++)
        {
            insert.Bind(3, clicks.Offsets[row]);
            insert.Bind(4, clicks.UserIds[row]);
            insert.Bind(5, clicks.Timestamps[row]);
            insert.Bind(6, clicks.Urls[row]);
            insert.Bind(7, clicks.Countries[row]);
            insert.Bind(8, clicks.Cities[row]);
            insert.Bind(9, clicks.Browsers[row]);
            insert.Bind(10, clicks.OperatingSystems[row]);
            insert.Bind(11, clicks.Devices[row]);
            insert.Run();
        }
    }

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
