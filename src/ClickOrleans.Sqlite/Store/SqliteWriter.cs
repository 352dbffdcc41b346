using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The one connection that writes, with its prepared bulk statements.</summary>
public sealed class SqliteWriter : IDisposable
{
    private readonly SqlStatements _statements;
    private readonly Dictionary<string, SqliteStatement> _prepared = [];

    public SqliteWriter(SqliteFile file, SqlStatements statements, string pragmas)
    {
        _statements = statements;
        Connection = file.Open();
        using var command = Connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }

    public SqliteConnection Connection { get; }

    public SqliteStatement Prepare(string statement)
    {
        if (!_prepared.TryGetValue(statement, out var prepared))
        {
            prepared = new SqliteStatement(Connection, _statements[statement]);
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
