using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Hashes visitors in a SQLite file.</summary>
internal sealed class SqliteVisitorHashing(SqliteStoreDatabase database)
    : VisitorHashing(database, SqliteStoreSql.SelectIndexIdentity)
{
    protected override Task InsertVisitorsAsync(
        StoreSession session, List<UnhashedVisitor> rows, List<long> visitors, CancellationToken cancellationToken)
    {
        var insert = ((SqliteWriteSession)session).Bulk(SqliteStoreSql.InsertIntoClickVisitors, cancellationToken);
        var (pageId, visitor) = (insert.Parameter("@PageId"), insert.Parameter("@Visitor"));
        for (var row = 0; row < rows.Count; row++)
        {
            insert.Bind(pageId, rows[row].PageId);
            insert.Bind(visitor, visitors[row]);
            insert.Run();
        }

        return Task.CompletedTask;
    }

    protected override Task UpdateClicksAsync(
        StoreSession session, List<UnhashedClick> rows, List<long> visitors, CancellationToken cancellationToken)
    {
        var update = ((SqliteWriteSession)session).Bulk(SqliteStoreSql.HashClick, cancellationToken);
        var (logId, partition) = (update.Parameter("@LogId"), update.Parameter("@Partition"));
        var (offset, visitor) = (update.Parameter("@Offset"), update.Parameter("@Visitor"));
        for (var row = 0; row < rows.Count; row++)
        {
            update.Bind(logId, rows[row].LogId);
            update.Bind(partition, rows[row].Partition);
            update.Bind(offset, rows[row].Offset);
            update.Bind(visitor, visitors[row]);
            update.Run();
        }

        return Task.CompletedTask;
    }
}
