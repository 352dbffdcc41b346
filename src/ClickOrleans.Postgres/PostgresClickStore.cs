using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Sql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>The click store in PostgreSQL. A commit is one statement: one round trip, one transaction.</summary>
public sealed class PostgresClickStore(PostgresStoreDatabase database, TimeProvider time) : SqlClickStore(database)
{
    public override Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken) =>
        database.RejectingAsync(() => StoreAsync(batch, cancellationToken), cancellationToken);

    private async Task<bool> StoreAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        var parameters = Fence(batch);
        AddClicks(parameters, batch.Clicks);
        AddDeadLetters(parameters, batch.DeadLetters);
        AddDuplicates(parameters, batch.Duplicates);
        await using var session = await database.OpenAsync(cancellationToken);
        return await session.ScalarAsync<long>(PostgresSql.InsertIntoClickstreamData, parameters, cancellationToken) == 1;
    }

    protected override Task<List<EventIdRow>> FindEventIdsAsync(
        StoreSession session, short logId, int partition, IReadOnlyList<long> offsets, CancellationToken cancellationToken)
    {
        var parameters = new PostgresParameters()
            .Add("LogId", NpgsqlDbType.Smallint, logId)
            .Add("Partition", NpgsqlDbType.Integer, partition)
            .Add("First", NpgsqlDbType.Bigint, offsets.Min())
            .Add("Last", NpgsqlDbType.Bigint, offsets.Max())
            .AddColumn("Offsets", NpgsqlDbType.Bigint, offsets);
        return session.QueryAsync<EventIdRow>(PostgresSql.SelectEventIdsAt, parameters, cancellationToken);
    }

    private static PostgresParameters Fence(ClickBatch batch) => new PostgresParameters()
        .Add("LogId", NpgsqlDbType.Smallint, batch.LogId)
        .Add("Partition", NpgsqlDbType.Integer, batch.Partition)
        .Add("ExpectedOffset", NpgsqlDbType.Bigint, batch.ExpectedOffset)
        .Add<object>("ExpectedRevision", NpgsqlDbType.Bigint, batch.ExpectedRevision ?? (object)DBNull.Value)
        .Add("NextOffset", NpgsqlDbType.Bigint, batch.NextOffset)
        .Add("Clicks", NpgsqlDbType.Bigint, (long)batch.Clicks.Count)
        .Add("DeadLetters", NpgsqlDbType.Bigint, (long)batch.DeadLetters.Count)
        .Add("Duplicates", NpgsqlDbType.Bigint, (long)batch.Duplicates.Count)
        .Add("Digest", NpgsqlDbType.Bigint, ClickDigest.Of(batch.Clicks))
        .Add<object>("Traceparent", NpgsqlDbType.Text, batch.Traceparent ?? (object)DBNull.Value)
        .Add<object>("RecordOffset", NpgsqlDbType.Bigint, batch.LastRecord?.Offset ?? (object)DBNull.Value)
        .Add<object>("RecordEpoch", NpgsqlDbType.Integer, batch.LastRecord?.LeaderEpoch ?? (object)DBNull.Value)
        .Add<object>("RecordHash", NpgsqlDbType.Bigint, batch.LastRecord?.Hash ?? (object)DBNull.Value);

    private static void AddClicks(PostgresParameters parameters, Pipeline.ClickColumns clicks) => parameters
        .AddColumn("Offsets", NpgsqlDbType.Bigint, clicks.Offsets)
        .AddColumn("Timestamps", NpgsqlDbType.TimestampTz, clicks.Timestamps)
        .AddColumn("UserIds", NpgsqlDbType.Text, clicks.UserIds)
        .AddColumn("Urls", NpgsqlDbType.Text, clicks.Urls)
        .AddColumn("Countries", NpgsqlDbType.Text, clicks.Countries)
        .AddColumn("Cities", NpgsqlDbType.Text, clicks.Cities)
        .AddColumn("Browsers", NpgsqlDbType.Text, clicks.Browsers)
        .AddColumn("OperatingSystems", NpgsqlDbType.Text, clicks.OperatingSystems)
        .AddColumn("Devices", NpgsqlDbType.Text, clicks.Devices)
        .AddColumn("Visitors", NpgsqlDbType.Bigint, clicks.Visitors)
        .AddColumn("EventIds", NpgsqlDbType.Uuid, clicks.EventIds);

    private static void AddDuplicates(PostgresParameters parameters, List<DuplicateClick> duplicates) => parameters
        .AddColumn("DuplicateOffsets", NpgsqlDbType.Bigint, duplicates.ConvertAll(duplicate => duplicate.Offset))
        .AddColumn("OriginalOffsets", NpgsqlDbType.Bigint, duplicates.ConvertAll(duplicate => duplicate.OriginalOffset));

    private void AddDeadLetters(PostgresParameters parameters, List<DeadLetter> letters) => parameters
        .Add("At", NpgsqlDbType.TimestampTz, time.GetUtcNow().UtcDateTime)
        .AddColumn("LetterOffsets", NpgsqlDbType.Bigint, letters.ConvertAll(letter => letter.Offset))
        .AddColumn("Reasons", NpgsqlDbType.Text, letters.ConvertAll(letter => letter.Reason.Name()))
        .AddColumn("Errors", NpgsqlDbType.Text, letters.ConvertAll(letter => letter.Error))
        .AddColumn("Keys", NpgsqlDbType.Bytea, letters.ConvertAll(letter => letter.Key))
        .AddColumn("Payloads", NpgsqlDbType.Bytea, letters.ConvertAll(letter => letter.Payload));
}
