using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>A Kafka broker and a PostgreSQL server shared by pipelines, started on first use.</summary>
public class PipelineServers : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer>> _kafka;
    private readonly Lazy<Task<TestServer>> _postgres = new(() => TestServer.PostgresAsync("max_connections=300"));

    public PipelineServers()
        : this(() => TestServer.KafkaAsync())
    {
    }

    protected PipelineServers(Func<Task<TestServer>> kafka) => _kafka = new(kafka);

    /// <summary>A pipeline with a topic and a database of its own.</summary>
    public async Task<ServerPipeline> NewPipelineAsync(int partitions = 4)
    {
        var kafka = _kafka.Value;
        var postgres = _postgres.Value;
        return await ServerPipeline.CreateAsync(await kafka, await postgres, partitions);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _kafka, _postgres })
        {
            if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await server.Value).DisposeAsync();
            }
        }

        GC.SuppressFinalize(this);
    }
}
