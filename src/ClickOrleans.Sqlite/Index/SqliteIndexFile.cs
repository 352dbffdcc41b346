using ClickOrleans.Pipeline.Index;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Index;

/// <summary>The file of the index. It may be deleted while it is in use; opening it creates it again.</summary>
/// <remarks>SQLite runs on the calling thread, so all work runs on the thread pool and does not block the caller.</remarks>
internal sealed class SqliteIndexFile(string path) : IDisposable
{
    // https://sqlite.org/rescode.html
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private readonly SqliteFile _file = new(path);

    public string Path => _file.Path;

    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var connection = Open();
                return read(connection);
            },
            cancellationToken);

    /// <summary>Like <see cref="ReadAsync"/>, one writer at a time.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        await _file.WriteLock.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(write, cancellationToken);
        }
        finally
        {
            _file.WriteLock.Release();
        }
    }

    public void Dispose() => _file.Dispose();

    private SqliteConnection Open()
    {
        try
        {
            if (!File.Exists(_file.Path))
            {
                // Pooled connections would keep writing to the deleted file.
                using var stale = new SqliteConnection(_file.ConnectionString);
                SqliteConnection.ClearPool(stale);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_file.Path))!);
            }

            return _file.Open();
        }
        catch (Exception exception) when (IsInaccessible(exception))
        {
            throw new IndexSetupException(
                $"Index file {_file.Path} cannot be opened for writing: {exception.Message} Check the data folder's permissions.",
                exception);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NotADatabase or Corrupt)
        {
            throw new IndexSetupException(
                $"Index file {_file.Path} is corrupt: {exception.Message} Delete it; it is rebuilt from the rollups.",
                exception);
        }
    }

    private static bool IsInaccessible(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SqliteException { SqliteErrorCode: CannotOpen or ReadOnly };
}
