using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>Kafka, PostgreSQL and Elasticsearch of the assembly, each started on first use.</summary>
public sealed class SharedServers : PipelineServers
{
    private readonly Lazy<Task<TestServer>> _elasticsearch = new(() => TestServer.ElasticsearchAsync());

    public Task<TestServer> ElasticsearchAsync() => _elasticsearch.Value;

    /// <summary>A pipeline on all three whose processes export to the receiver.</summary>
    public async Task<ServerPipeline> NewPipelineAsync(OtlpReceiver receiver, int partitions = 4)
    {
        var elasticsearch = await ElasticsearchAsync();
        var pipeline = await NewPipelineAsync(partitions);
        foreach (var (name, value) in receiver.Settings)
        {
            pipeline.With(name, value);
        }

        return pipeline
            .With("ConnectionStrings:elasticsearch", elasticsearch.Address)
            .With("ClickOrleans:Elasticsearch:Index", pipeline.Topic.Name)
            .With("ClickOrleans:Aggregation:Paused", "true");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_elasticsearch is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _elasticsearch.Value).DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
