using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Deploy.Tests.Aspire;

/// <summary>The servers that the app host would run as containers, and a receiver in the dashboard's place; started when a test asks.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer[]>> _servers = new(() => Task.WhenAll(
        TestServer.KafkaAsync(), TestServer.PostgresAsync("fsync=off"), TestServer.ElasticsearchAsync()));

    public string Kafka => _servers.Value.Result[0].Address;

    public string Postgres => _servers.Value.Result[1].Address;

    public string Elasticsearch => _servers.Value.Result[2].Address;

    public Task StartAsync() => _servers.Value;

    public async ValueTask DisposeAsync()
    {
        if (_servers is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            foreach (var server in _servers.Value.Result)
            {
                await server.DisposeAsync();
            }
        }
    }
}
