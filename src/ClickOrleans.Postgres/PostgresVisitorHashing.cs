using ClickOrleans.Sql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>Hashes visitors in PostgreSQL.</summary>
internal sealed class PostgresVisitorHashing(PostgresStoreDatabase database)
    : VisitorHashing(database, PostgresSql.LockAggregation)
{
    /// <summary>A chunk of the clicks that are to be folded next.</summary>
    public async Task HashUnfoldedAsync(CancellationToken cancellationToken)
    {
        await using var session = await BeginAsync(cancellationToken);
        var rows = await session.QueryAsync<UnhashedClick>(
            PostgresSql.SelectUnhashedClicksToFold, new { Limit = Chunk }, cancellationToken);
        await WriteAsync(session, rows, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    protected override Task InsertVisitorsAsync(
        StoreSession session, List<UnhashedVisitor> rows, List<long> visitors, CancellationToken cancellationToken)
    {
        var parameters = new PostgresParameters()
            .AddColumn("PageIds", NpgsqlDbType.Bigint, rows.ConvertAll(row => row.PageId))
            .AddColumn("Visitors", NpgsqlDbType.Bigint, visitors);
        return session.ExecuteAsync(PostgresSql.InsertIntoClickVisitors, parameters, cancellationToken);
    }

    protected override Task UpdateClicksAsync(
        StoreSession session, List<UnhashedClick> rows, List<long> visitors, CancellationToken cancellationToken)
    {
        var parameters = new PostgresParameters()
            .AddColumn("LogIds", NpgsqlDbType.Smallint, rows.ConvertAll(row => row.LogId))
            .AddColumn("Partitions", NpgsqlDbType.Integer, rows.ConvertAll(row => row.Partition))
            .AddColumn("Offsets", NpgsqlDbType.Bigint, rows.ConvertAll(row => row.Offset))
            .AddColumn("Visitors", NpgsqlDbType.Bigint, visitors);
        return session.ExecuteAsync(PostgresSql.HashClicks, parameters, cancellationToken);
    }
}
