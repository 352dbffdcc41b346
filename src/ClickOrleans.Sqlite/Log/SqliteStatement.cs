using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClickOrleans.Sqlite.Log;

/// <summary>
/// A prepared statement that is run once per message: parameters are bound from spans and columns read as spans, so that a
/// message costs no object (a <see cref="SqliteCommand"/> takes and gives arrays). Used by one thread at a time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new ArgumentException("The connection is closed.", nameof(connection));
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public int Parameter(string name)
    {
        var index = raw.sqlite3_bind_parameter_index(_statement, name);
        return index > 0 ? index : throw new ArgumentException($"The statement has no parameter {name}.", nameof(name));
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> value) =>
        // An empty span has no address, and a blob without one would be bound as null.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0)
            : raw.sqlite3_bind_blob(_statement, parameter, value));

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_statement, parameter));

    /// <summary>Moves to the next row; false where there is none any more.</summary>
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
                var fault = Fault(result);
                Reset();
                throw fault;
        }
    }

    /// <summary>Ends the run, and with it the statement's view of the file. Bound parameters stay.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Run()
    {
        Step();
        Reset();
    }

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>The column's bytes, valid until the next <see cref="Step"/> or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Fault(result);
        }
    }

    private SqliteException Fault(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xff, raw.sqlite3_extended_errcode(_database));
}
