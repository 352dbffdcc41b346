using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite;

/// <summary>A SQLite database file: opens its connections and serializes its writers.</summary>
/// <remarks>
/// Write-ahead log with <c>synchronous=FULL</c>: a committed transaction survives a kill of the process and a loss of power.
/// SQLite allows one writer at a time: within this process <see cref="WriteLock"/> queues them, the busy timeout applies to
/// other processes.
/// </remarks>
public sealed class SqliteFile(string path) : IDisposable
{
    private const string Pragmas =
        "pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=30000; pragma temp_store=memory;";

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        Pooling = true,
        DefaultTimeout = 60,
    }.ToString();

    public string Path { get; } = path;

    /// <summary>Held while this process writes to the file.</summary>
    public SemaphoreSlim WriteLock { get; } = new(1, 1);

    public string ConnectionString => _connectionString;

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
        WriteLock.Dispose();
    }
}
