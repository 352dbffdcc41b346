using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Sqlite.Log;
using ClickOrleans.Conformance.Log;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Tests.Log;

/// <summary>The promises of a click log, kept by the file.</summary>
public sealed class SqliteLogConformance : LogConformance, IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("clickorleans-log-").FullName;
    private readonly ConcurrentDictionary<IClickLog, (string Folder, int Partitions)> _logs = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs.Keys)
        {
            await log.DisposeAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    protected override IClickLog NewLog(int partitions) => Open(Path.Combine(_root, Guid.NewGuid().ToString()), partitions);

    protected override IClickLog OpenAgain(IClickLog log) => Open(_logs[log].Folder, _logs[log].Partitions);

    protected override Task TruncateAsync(IClickLog log, int partition, long offset) =>
        ((SqliteClickLog)log).TruncateAsync(partition, offset, TestContext.Current.CancellationToken);

    protected override async Task AppendTombstoneAsync(IClickLog log, int partition, string key)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_logs[log].Folder, SqliteClickLog.FileName)};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """insert into messages (partition, "offset", appended_at, key) select partition, next_offset, 0, @key """
            + "from log_partitions where partition = @partition;\n"
            + "update log_partitions set next_offset = next_offset + 1 where partition = @partition;";
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@key", System.Text.Encoding.UTF8.GetBytes(key));
        await command.ExecuteNonQueryAsync();
    }

    private SqliteClickLog Open(string folder, int partitions)
    {
        var log = new SqliteClickLog(folder, partitions, "clickstream", TimeProvider.System);
        _logs[log] = (folder, partitions);
        return log;
    }
}
