using Npgsql;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>Direct access to a pipeline's database. Connections are not pooled, so that none is broken after an outage.</summary>
public sealed class DatabaseControl(string connection) : IAsyncDisposable
{
    public const string ApplicationName = "test";

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection)
        {
            Pooling = false,
            ApplicationName = ApplicationName,
            CommandTimeout = 600,
            Options = "-c default_transaction_read_only=off",
        }.ConnectionString);

    public async Task ExecuteAsync(params string[] statements)
    {
        await using var opened = await _source.OpenConnectionAsync();
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, opened);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task<T> QueryScalarAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        var rows = new List<T>();
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Opens a connection that the caller disposes.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync() => _source.OpenConnectionAsync();

    public Task<long> CountClicksAsync() => QueryScalarAsync<long>("select count(*) from clickstream_data");

    public Task<long> CountDeadLettersAsync() => QueryScalarAsync<long>("select count(*) from dead_letters");

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
