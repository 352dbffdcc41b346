using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Store;

/// <summary>A transaction on the connection that writes.</summary>
public sealed class SqliteWriteSession(SqliteStoreDatabase database, SqliteWriter writer, SqliteTransaction transaction)
    : StoreSession(database, writer.Connection, transaction)
{
    /// <summary>The statement, prepared once, to be run for many rows.</summary>
    public SqliteStatement Bulk(SqlStatement statement, CancellationToken cancellationToken)
    {
        Announce(statement.Name, cancellationToken);
        return writer.Prepare(statement);
    }

    protected override ValueTask ReleaseAsync(bool usable)
    {
        database.EndWrite(usable);
        return ValueTask.CompletedTask;
    }
}
