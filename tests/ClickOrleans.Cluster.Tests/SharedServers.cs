using ClickOrleans.Testing.Servers;
using Npgsql;

namespace ClickOrleans.Cluster.Tests;

/// <summary>
/// Kafka, PostgreSQL and Elasticsearch of the assembly, started on first use; each cluster has its own database, topic and index.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer[]>> _servers = new(() => Task.WhenAll(
        TestServer.KafkaAsync(), TestServer.PostgresAsync("fsync=off", "max_connections=300"), TestServer.ElasticsearchAsync()));

    private int _databases;

    public string Kafka => Running[0].Address;

    public string Postgres => Running[1].Address;

    public string Elasticsearch => Running[2].Address;

    private TestServer[] Running => _servers.Value.Result;

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await _servers.Value;
        var name = $"cluster_{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(Postgres + ";Pooling=false");
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return $"{Postgres.Replace("Database=clicks", $"Database={name}", StringComparison.Ordinal)};Maximum Pool Size=20";
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            foreach (var server in Running)
            {
                await server.DisposeAsync();
            }
        }
    }
}
