using System.Text;
using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClickOrleans.Sqlite;

/// <summary>
/// A statement prepared once and run for many rows with SQLite's own API: ADO.NET's parameter objects cost more than SQLite
/// itself. Parameters are named; <see cref="Parameter"/> looks up their index once, before the rows. Not thread-safe. A
/// parameter stays bound until it is bound again.
/// </summary>
public sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = new byte[4096];

    /// <exception cref="SqliteException"/>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new ArgumentException("The connection is closed.", nameof(connection));
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>The index under which a named parameter is bound.</summary>
    /// <param name="name">With its prefix: <c>@Offset</c>.</param>
    /// <exception cref="ArgumentException">The statement has no such parameter.</exception>
    public int Parameter(string name)
    {
        var index = raw.sqlite3_bind_parameter_index(_statement, name);
        return index > 0 ? index : throw new ArgumentException($"The statement has no parameter {name}.", nameof(name));
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> value) =>
        // SQLite binds a null pointer as null, and an empty span is one.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0)
            : raw.sqlite3_bind_blob(_statement, parameter, value));

    public void Bind(int parameter, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        BindText(parameter, _text.AsSpan(0, Encoding.UTF8.GetBytes(value, _text)));
    }

    public void Bind(int parameter, DateTime value)
    {
        var text = _text.AsSpan(0, StoredTime.Length);
        StoredTime.Write(value, text);
        BindText(parameter, text);
    }

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_statement, parameter));

    /// <summary>Moves to the next row; false after the last one.</summary>
    /// <exception cref="SqliteException"/>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        switch (result)
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                return false;
            default:
                var exception = ErrorOf(result);
                Reset();
                throw exception;
        }
    }

    /// <summary>Ends the run, and with it the statement's read transaction.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="SqliteException"/>
    public int Run()
    {
        Step();
        Reset();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Runs a statement that returns at most one number.</summary>
    /// <returns>The first row's first column; null if there is no row.</returns>
    /// <exception cref="SqliteException"/>
    /// <remarks>An insert with <c>returning</c> is complete at its first row: https://sqlite.org/lang_returning.html</remarks>
    public long? RunForNumber()
    {
        var number = Step() ? Number(0) : (long?)null;
        Reset();
        return number;
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>The column's bytes, valid until the next <see cref="Step"/> or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void BindText(int parameter, ReadOnlySpan<byte> utf8) => Check(raw.sqlite3_bind_text(_statement, parameter, utf8));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw ErrorOf(result);
        }
    }

    private SqliteException ErrorOf(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xff, raw.sqlite3_extended_errcode(_database));
}
