using ClickOrleans.Postgres.Tests;
using ClickOrleans.Testing.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace ClickOrleans.Postgres.Tests;

/// <summary>One server for the assembly, started when the first test asks for it; a database for each test.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer>> _server = new(
        // What a killed process leaves with the operating system is kept all the same.
        () => TestServer.PostgresAsync("fsync=off", "max_connections=300"));

    private int _databases;

    /// <summary>The connection string of a new, empty database.</summary>
    /// <param name="settings">Of <c>create database</c>.</param>
    public async Task<string> CreateDatabaseAsync(string settings = "")
    {
        var server = await _server.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(server.Address + ";Pooling=false");
        await using var command = source.CreateCommand($"create database {name} template template0 {settings}");
        await command.ExecuteNonQueryAsync();
        return $"{server.Address.Replace("Database=clicks", $"Database={name}")};Maximum Pool Size=20";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
