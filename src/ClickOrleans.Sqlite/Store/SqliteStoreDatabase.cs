using System.Globalization;
using System.Text.Json;
using ClickOrleans.Sql;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The store in one SQLite file. Reads use pooled connections; all writes use one connection.</summary>
/// <remarks>
/// SQLite invalidates a connection's page cache when another connection has written. With one connection for all writes, the
/// pages that every fold needs stay cached.
/// </remarks>
public sealed class SqliteStoreDatabase(string path) : StoreDatabase, IDisposable
{
    // 64 MiB of page cache for the writer; a checkpoint every 64 MiB of write-ahead log instead of every 4, because folds rewrite
    // the same visitor pages.
    private const string WriterPragmas = "pragma cache_size = -65536; pragma wal_autocheckpoint = 16384;";

    // SQLITE_CONSTRAINT_PRIMARYKEY: a row is there already; an offset is no matter of the data.
    private const int TakenKey = 1555;

    // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH: https://sqlite.org/rescode.html
    private static readonly int[] Rejections = [18, 19, 20];

    private readonly SqliteFile _file = new(path);
    private SqliteWriter? _writer;

    public SqliteFile File => _file;

    public override SeriesStatements Series { get; } = new(
        SqliteStoreSql.SelectSeriesHours,
        SqliteStoreSql.CountSiteVisitors,
        SqliteStoreSql.AuditSeries,
        SqliteStoreSql.AuditSiteVisitors);

    public override async Task<StoreSession> OpenAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        return new StoreSession(this, _file.Open(), null);
    }

    public override async Task<StoreSession> BeginAsync(CancellationToken cancellationToken) =>
        await WriteAsync(cancellationToken);

    /// <summary>Like <see cref="BeginAsync"/>; the session also runs prepared bulk statements.</summary>
    public async Task<SqliteWriteSession> WriteAsync(CancellationToken cancellationToken)
    {
        await _file.WriteLock.WaitAsync(cancellationToken);
        try
        {
            _writer ??= new SqliteWriter(_file, WriterPragmas);
            return new SqliteWriteSession(this, _writer, _writer.Connection.BeginTransaction(deferred: false));
        }
        catch
        {
            DropWriter();
            _file.WriteLock.Release();
            throw;
        }
    }

    public override async Task<StoreSession> BeginSnapshotAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        var connection = _file.Open();
        return new StoreSession(this, connection, connection.BeginTransaction(deferred: true)) { TimeoutSeconds = 0 };
    }

    public override object Time(DateTime utc) => StoredTime.ToText(utc);

    public override object Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public override object DayParts(IReadOnlyList<DayPart> parts) =>
        new { Parts = JsonSerializer.Serialize(parts.Select(part => new[] { part.Bucket, Day(part.Day), part.Mask })) };

    public override object Uuid(Guid uuid) => uuid.ToString("D");

    public void Dispose()
    {
        DropWriter();
        _file.Dispose();
    }

    /// <summary>Ends a write session. A writer in an unknown state is disposed; the next session creates another.</summary>
    internal void EndWrite(bool usable)
    {
        if (!usable)
        {
            DropWriter();
        }

        _file.WriteLock.Release();
    }

    protected override bool IsRejection(Exception exception) =>
        exception is SqliteException sqlite
        && Rejections.Contains(sqlite.SqliteErrorCode)
        && sqlite.SqliteExtendedErrorCode != TakenKey;

    private void DropWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
