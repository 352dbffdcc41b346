using Npgsql;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>A hand in a pipeline's database. Each connection is a new one, so that an outage leaves none behind.</summary>
public sealed class DatabaseControl(string connection) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection)
        {
            Pooling = false,
            ApplicationName = "hand",
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

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
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

    /// <summary>A connection that stays.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync() => _source.OpenConnectionAsync();

    public Task<long> CountClicksAsync() => AskAsync<long>("select count(*) from clickstream_data");

    public Task<long> CountDeadLettersAsync() => AskAsync<long>("select count(*) from dead_letters");

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
