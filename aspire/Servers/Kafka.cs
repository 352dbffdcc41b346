using ClickOrleans.Deploy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClickOrleans.AppHost.Servers;

/// <summary>One Kafka broker (KRaft) and a UI for it, as containers; the settings are those of <c>deploy/kafka.yml</c>.</summary>
internal static class Kafka
{
    private const int HostPort = 9092;
    private const int BrokerPort = 19092;
    private const string Listeners = "BROKER://:19092,HOST://:9092,CONTROLLER://:9093";
    private const string DataFolder = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaResource> AddKafka(
        this IDistributedApplicationBuilder builder, string name, string volume)
    {
        var kafka = new KafkaResource(name);
        var healthCheck = $"{name}-metadata";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheck,
            _ => new KafkaHealthCheck(kafka.ConnectionStringExpression.GetValueAsync),
            failureStatus: null,
            tags: null));
        return builder.AddResource(kafka)
            .WithImage(ServerImages.Kafka)
            .WithEndpoint(targetPort: HostPort, name: KafkaResource.HostEndpoint)
            .WithEndpoint(targetPort: BrokerPort, name: KafkaResource.BrokerEndpoint)
            .WithVolume(volume, DataFolder)
            .WithEnvironment("KAFKA_NODE_ID", "1")
            .WithEnvironment("KAFKA_PROCESS_ROLES", "broker,controller")
            .WithEnvironment("KAFKA_LISTENERS", Listeners)
            .WithEnvironment("KAFKA_ADVERTISED_LISTENERS", kafka.AdvertisedListeners)
            .WithEnvironment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "BROKER:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT")
            .WithEnvironment("KAFKA_INTER_BROKER_LISTENER_NAME", "BROKER")
            .WithEnvironment("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
            .WithEnvironment("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093")
            .WithEnvironment("KAFKA_LOG_DIRS", DataFolder)
            .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .WithEnvironment("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
            .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
            .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
            .WithEnvironment("KAFKA_HEAP_OPTS", "-Xms512m -Xmx512m")
            .WithHealthCheck(healthCheck);
    }

    /// <summary>Topics, messages and consumer groups in a browser; not deployed.</summary>
    public static IResourceBuilder<KafkaResource> WithUI(this IResourceBuilder<KafkaResource> kafka)
    {
        kafka.ApplicationBuilder.AddContainer($"{kafka.Resource.Name}-ui", ServerImages.KafkaUI)
            .WithHttpEndpoint(targetPort: 8080)
            .WithUrlForEndpoint("http", url => url.DisplayText = "Kafka UI")
            .WithEnvironment("KAFKA_CLUSTERS_0_NAME", "clickorleans")
            .WithEnvironment("KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS", kafka.Resource.Name + ":19092")
            .WithParentRelationship(kafka)
            .WaitFor(kafka)
            .ExcludeFromManifest();
        return kafka;
    }
}
