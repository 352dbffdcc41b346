using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The connection that writes, with its prepared bulk statements.</summary>
public sealed class SqliteWriter : IDisposable
{
    private readonly Dictionary<SqlStatement, SqliteStatement> _prepared = [];

    public SqliteWriter(SqliteFile file, string pragmas)
    {
        Connection = file.Open();
        using var command = Connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }

    public SqliteConnection Connection { get; }

    public SqliteStatement Prepare(SqlStatement statement)
    {
        if (!_prepared.TryGetValue(statement, out var prepared))
        {
            prepared = new SqliteStatement(Connection, statement.Text);
            _prepared.Add(statement, prepared);
        }

        return prepared;
    }

    public void Dispose()
    {
        foreach (var prepared in _prepared.Values)
        {
            prepared.Dispose();
        }

        _prepared.Clear();
        Connection.Dispose();
    }
}
