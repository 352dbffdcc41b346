using ClickOrleans.Pipeline.Log;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClickOrleans.Sqlite.Log;

/// <summary>
/// Writes messages, many per transaction. Offsets are assigned inside of the transaction, under the file's write lock, so that
/// they have no gaps although other processes append to the same file. Used by one thread at a time.
/// </summary>
internal sealed class SqliteLogWriter : IDisposable
{
    /// <summary>
    /// SQLite starts its write-ahead log anew only when it was copied to the file while nobody read; under load that
    /// can fail to happen for long. From this size on the writer waits for it.
    /// </summary>
    private const long LargestWriteAheadLog = 128 << 20;

    /// <summary>Short, because the wait for another process cannot be cancelled; the appender asks again.</summary>
    private const string ShortWait = "pragma busy_timeout=200;";

    private readonly SqliteConnection _connection;
    private readonly string _writeAheadLog;
    private readonly TimeProvider _time;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _partitions;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _trace;
    private readonly int _partition;
    private readonly int _offset;
    private readonly int _appendedAt;
    private readonly int _key;
    private readonly int _value;
    private readonly List<(long Partition, long Before, long Next)> _next = [];
    private readonly List<long> _first = [];
    private long _written;
    private int _unkeyed;

    public SqliteLogWriter(SqliteFile file, TimeProvider time)
    {
        _time = time;
        _writeAheadLog = file.Path + "-wal";
        _connection = file.Open();

        Execute(ShortWait);
        _begin = new(_connection, "begin immediate");
        _commit = new(_connection, "commit");
        _partitions = new(_connection, SqliteLogSql.SelectLogPartitions.Text);
        _update = new(_connection, SqliteLogSql.UpdateNextOffset.Text);
        _insert = new(_connection, SqliteLogSql.InsertIntoMessages.Text);
        _trace = new(_connection, SqliteLogSql.InsertIntoMessageTraces.Text);
        _partition = _insert.Parameter("@partition");
        _offset = _insert.Parameter("@offset");
        _appendedAt = _insert.Parameter("@appended_at");
        _key = _insert.Parameter("@key");
        _value = _insert.Parameter("@value");
    }

    /// <summary>Takes the file's write lock; false where another process holds it.</summary>
    public bool TryBegin()
    {
        try
        {
            _begin.Run();
            return true;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            return false;
        }
    }

    /// <summary>To be called once between <see cref="TryBegin"/> and <see cref="Commit"/>.</summary>
    public void Insert(List<PendingAppend> appends)
    {
        ReadPartitions();
        _insert.Bind(_appendedAt, _time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var append in appends)
        {
            _first.Clear();
            _first.AddRange(_next.Select(partition => partition.Next));
            for (var i = 0; i < append.Messages.Count; i++)
            {
                Insert(append.Messages[i]);
            }

            InsertTraces(append);
        }

        var partition = _update.Parameter("@partition");
        var next = _update.Parameter("@next_offset");
        foreach (var moved in _next.Where(moved => moved.Next > moved.Before))
        {
            _update.Bind(partition, moved.Partition);
            _update.Bind(next, moved.Next);
            _update.Run();
        }
    }

    public void Commit() => _commit.Run();

    public void Rollback()
    {
        // A full disk or an I/O error may have rolled back already.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Execute("rollback");
        }
    }

    /// <summary>Outside of a transaction: keeps the write-ahead log from growing without bound.</summary>
    public void Tidy()
    {
        if (_written < LargestWriteAheadLog / 4)
        {
            return;
        }

        _written = 0;
        var log = new FileInfo(_writeAheadLog);
        if (log.Exists && log.Length > LargestWriteAheadLog)
        {
            // Long enough for every view that a reader has open; new ones no longer need the write-ahead log.
            Execute("pragma busy_timeout=10000; pragma wal_checkpoint(truncate);" + ShortWait);
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _partitions.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _trace.Dispose();
        _connection.Dispose();
    }

    private void ReadPartitions()
    {
        _next.Clear();
        while (_partitions.Step())
        {
            _next.Add((_partitions.Number(0), _partitions.Number(1), _partitions.Number(1)));
        }

        _partitions.Reset();
    }

    private void InsertTraces(PendingAppend append)
    {
        if (append.Traceparent is null)
        {
            return;
        }

        _trace.Bind(_trace.Parameter("@traceparent"), append.Traceparent);
        if (append.Tracestate is { Length: > 0 } state)
        {
            _trace.Bind(_trace.Parameter("@tracestate"), state);
        }
        else
        {
            _trace.BindNull(_trace.Parameter("@tracestate"));
        }

        for (var index = 0; index < _next.Count; index++)
        {
            if (_next[index].Next > _first[index])
            {
                _trace.Bind(_trace.Parameter("@partition"), _next[index].Partition);
                _trace.Bind(_trace.Parameter("@first_offset"), _first[index]);
                _trace.Bind(_trace.Parameter("@last_offset"), _next[index].Next - 1);
                _trace.Run();
            }
        }
    }

    private void Insert(in LogMessage message)
    {
        var index = message.Key is { } key
            ? KeyPartitioner.Partition(key.Span, _next.Count)
            : (int)((uint)_unkeyed++ % (uint)_next.Count);
        var (partition, before, next) = _next[index];
        _next[index] = (partition, before, next + 1);

        _insert.Bind(_partition, partition);
        _insert.Bind(_offset, next);
        Bind(_key, message.Key);
        Bind(_value, message.Value);
        _insert.Run();
        _written += message.Value.Length + (message.Key?.Length ?? 0);
    }

    private void Bind(int parameter, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is { } present)
        {
            _insert.Bind(parameter, present.Span);
        }
        else
        {
            _insert.BindNull(parameter);
        }
    }

    private void Execute(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
