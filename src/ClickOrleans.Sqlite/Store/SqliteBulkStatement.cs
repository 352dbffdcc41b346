using System.Text;
using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClickOrleans.Sqlite.Store;

/// <summary>
/// A statement prepared once and run for many rows, its parameters numbered from 1. Beneath ADO.NET, whose parameter objects
/// cost more than SQLite does.
/// </summary>
public sealed class SqliteBulkStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = new byte[4096];

    public SqliteBulkStatement(SqliteConnection connection, string text)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, text, out _statement), _database);
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        Bind(parameter, _text.AsSpan(0, Encoding.UTF8.GetBytes(value, _text)));
    }

    public void Bind(int parameter, DateTime value)
    {
        var text = _text.AsSpan(0, StoredTime.Length);
        StoredTime.Write(value, text);
        Bind(parameter, text);
    }

    /// <summary>Runs it with the parameters bound last; parameters stay bound.</summary>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="SqliteException"/>
    public int Run()
    {
        var code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(int parameter, ReadOnlySpan<byte> utf8) => Check(raw.sqlite3_bind_text(_statement, parameter, utf8));

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
