using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Log;

/// <summary>Reads one partition of the log file.</summary>
/// <remarks>
/// One run of the statement is one consistent view of the file, and is kept short (<see cref="RowsPerView"/>,
/// <see cref="BytesPerView"/>), because while it lasts the write-ahead log cannot start anew. The identity is checked in the
/// connection that reads: a file that was deleted and made again is another file, which this connection does not see.
/// </remarks>
internal sealed class SqliteLogReader : ILogReader
{
    private const int RowsPerView = 10_000;
    private const long BytesPerView = 8 << 20;

    /// <summary>How long an append of another process may go unnoticed.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly LogIdentity _identity;
    private readonly LogIdentity? _found;
    private readonly int _partition;
    private readonly ArrivalSignal _signal;
    private readonly TimeProvider _time;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _messages;
    private readonly SqliteStatement _offsets;
    private readonly SqliteOrigins _origins;
    private readonly int _from;

    public SqliteLogReader(
        SqliteFile file, LogIdentity identity, int partition, long offset, ArrivalSignal signal, TimeProvider time)
    {
        _identity = identity;
        _partition = partition;
        _signal = signal;
        _time = time;
        Position = offset;
        _connection = file.Open();
        try
        {
            _found = SqliteLogSchema.ReadIdentity(_connection);
            _messages = new(_connection, SqliteLogSql.SelectMessages.Text);
            _offsets = new(_connection, SqliteLogSql.SelectPartitionOffsets.Text);
            _origins = new(_connection, partition);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }

        _from = _messages.Parameter("@offset");
        _messages.Bind(_messages.Parameter("@partition"), partition);
        _messages.Bind(_messages.Parameter("@limit"), RowsPerView);
        _offsets.Bind(_offsets.Parameter("@partition"), partition);
    }

    public long Position { get; private set; }

    public async ValueTask ReadAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (_found != _identity)
        {
            throw new LogReplacedException(_identity, _found?.TopicId);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        for (Task? appended = null; !VisitAvailable(visitor, cancellationToken); appended = _signal.Next)
        {
            var left = wait - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            // The signal is taken before the file is read once more, so that no append falls in between.
            if (appended is not null)
            {
                await ArrivalSignal.WaitAsync(appended, left < PollInterval ? left : PollInterval, _time, cancellationToken);
            }
        }
    }

    /// <summary>Nothing to do: the file keeps no consumers' offsets.</summary>
    public void Acknowledge(long nextOffset)
    {
    }

    public ValueTask DisposeAsync()
    {
        _messages.Dispose();
        _offsets.Dispose();
        _origins.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns>Whether any message was visited.</returns>
    private bool VisitAvailable(IMessageVisitor visitor, CancellationToken cancellationToken)
    {
        var visited = false;
        while (true)
        {
            var from = Position;
            var more = VisitView(visitor);
            visited |= Position > from;
            if (!visited)
            {
                CheckRange();
            }

            if (!more)
            {
                return visited;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <returns>Whether there may be more for this visitor in another view.</returns>
    private bool VisitView(IMessageVisitor visitor)
    {
        var end = Position + RowsPerView;
        var bytes = 0L;
        _origins.Read(visitor, Position);
        _messages.Bind(_from, Position);
        try
        {
            while (_messages.Step())
            {
                var offset = _messages.Number(0);
                if (offset != Position)
                {
                    CheckRange();
                    throw new UnreachableException($"Partition {_partition} has no message at {Position}, and one at {offset}.");
                }

                _origins.Tell(visitor, Position);
                Position++;
                var taken = new ReceivedMessage
                {
                    Offset = offset,
                    AppendedAt = DateTime.UnixEpoch.AddMilliseconds(_messages.Number(1)),
                    HasKey = !_messages.IsNull(2),
                    Key = _messages.Blob(2),
                    HasValue = !_messages.IsNull(3),
                    Value = _messages.Blob(3),
                };
                bytes += taken.Key.Length + taken.Value.Length;
                if (!visitor.Visit(taken))
                {
                    return false;
                }

                if (bytes >= BytesPerView)
                {
                    return true;
                }
            }

            return Position == end;
        }
        finally
        {
            _messages.Reset();
        }
    }

    private void CheckRange()
    {
        try
        {
            if (!_offsets.Step())
            {
                throw new InvalidOperationException($"The log has no partition {_partition}.");
            }

            var available = new OffsetRange(_offsets.Number(0), _offsets.Number(1));
            if (Position < available.Start || Position > available.End)
            {
                throw new OffsetOutOfRangeException(_partition, Position, available);
            }
        }
        finally
        {
            _offsets.Reset();
        }
    }
}
