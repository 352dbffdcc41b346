using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;
using Dapper;

namespace ClickOrleans.Sqlite.Log;

/// <summary>
/// The click log in one SQLite file, for one machine: any number of processes may append and read at the same time.
/// </summary>
/// <param name="folder">Where <see cref="FileName"/> is kept; made if it is missing.</param>
/// <param name="partitions">How many partitions the log has at least; a file with more keeps them.</param>
/// <param name="topic">The log's name.</param>
public sealed class SqliteClickLog(string folder, int partitions, string topic, TimeProvider time) : IClickLog
{
    public const string FileName = "log.db";

    private readonly Lock _gate = new();
    private readonly SqliteFile _file = new(Path.Combine(folder, FileName));
    private readonly ArrivalSignal _signal = new();
    private SqliteLogAppender? _appender;
    private LogIdentity? _identity;
    private int _disposed;

    public string Description => $"SQLite log {topic} in {_file.Path}";

    public string Topic => topic;

    public string MessagingSystem => "sqlite";

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The file holds a log of another name.</exception>
    public Task<LogIdentity> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open());
    }

    public Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        File.Exists(_file.Path)
            ? OpenAsync(cancellationToken)
            : Task.FromException<LogIdentity>(new LogMissingException(topic));

    public async Task<int> GetPartitionCountAsync(CancellationToken cancellationToken)
    {
        Open();
        await using var connection = _file.Open();
        var counted = await connection.QueryAsync<(int, long)>(
            new(SqliteLogSql.SelectLogPartitions.Text, cancellationToken: cancellationToken));
        return counted.Count();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such partition.</exception>
    public async Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken)
    {
        Open();
        await using var connection = _file.Open();
        var found = await connection.QueryAsync<(long Start, long Next)>(
            new(SqliteLogSql.SelectPartitionOffsets.Text, new { partition }, cancellationToken: cancellationToken));
        return found.Select(offsets => (OffsetRange?)new OffsetRange(offsets.Start, offsets.Next)).SingleOrDefault()
            ?? throw new ArgumentOutOfRangeException(nameof(partition), partition, "The log has no such partition.");
    }

    public async Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken)
    {
        Open();
        using var span = messages.Count == 0 ? null : ClickSpans.StartPublish(MessagingSystem, topic, messages.Count);
        try
        {
            await _appender!.AppendAsync(messages, span, cancellationToken);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset)
    {
        Open();
        return new SqliteLogReader(_file, identity, partition, offset, _signal, time);
    }

    /// <summary>Removes a partition's messages below <paramref name="offset"/>, as retention does in Kafka.</summary>
    public async Task TruncateAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        Open();
        await _file.WriteLock.WaitAsync(cancellationToken);
        try
        {
            await using var connection = _file.Open();
            await using var transaction = connection.BeginTransaction(deferred: false);
            await connection.ExecuteAsync(
                SqliteLogSql.TruncateLogPartitions.Text, new { partition, before = offset }, transaction);
            await connection.ExecuteAsync(SqliteLogSql.TruncateMessages.Text, new { partition }, transaction);
            await connection.ExecuteAsync(SqliteLogSql.TruncateMessageTraces.Text, new { partition }, transaction);
            await transaction.CommitAsync(CancellationToken.None);
        }
        finally
        {
            _file.WriteLock.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        // Behind the append that is being written.
        await _file.WriteLock.WaitAsync();
        _appender?.Dispose();
        _file.Dispose();
    }

    private LogIdentity Open()
    {
        lock (_gate)
        {
            return _identity ??= MakeAndOpen();
        }
    }

    private LogIdentity MakeAndOpen()
    {
        Directory.CreateDirectory(folder);
        using var connection = _file.Open();
        SqliteLogSchema.Ensure(connection, topic, partitions, time.GetUtcNow());
        var identity = SqliteLogSchema.ReadIdentity(connection)!;
        if (identity.Topic != topic)
        {
            throw new InvalidOperationException(
                $"{_file.Path} holds the log {identity.Topic}, not {topic}: use another folder or that name.");
        }

        _appender ??= new(_file, time, _signal);
        return identity;
    }
}
