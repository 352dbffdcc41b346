using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>A Kafka of three brokers and a PostgreSQL that pipelines share.</summary>
public sealed class ClusterServers() : PipelineServers(() => TestServer.KafkaClusterAsync())
{
    public const int Brokers = 3;

    /// <summary>A pipeline whose topic has that many replicas.</summary>
    public async Task<ServerPipeline> NewPipelineAsync(int partitions, int replicas) =>
        (await NewPipelineAsync(partitions)).With("ClickOrleans:Kafka:ReplicationFactor", $"{replicas}");
}
