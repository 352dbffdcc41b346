using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The writer in use, in a transaction.</summary>
public sealed class SqliteWriteSession(SqliteStoreDatabase database, SqliteWriter writer, SqliteTransaction transaction)
    : StoreSession(database, writer.Connection, transaction)
{
    /// <summary>A prepared statement for many rows, to be run with <see cref="SqliteStatement.Run"/>.</summary>
    public SqliteStatement Bulk(string statement, CancellationToken cancellationToken)
    {
        Announce(statement, cancellationToken);
        return writer.Prepare(statement);
    }

    protected override ValueTask ReleaseAsync(bool usable)
    {
        database.EndWrite(usable);
        return ValueTask.CompletedTask;
    }
}
