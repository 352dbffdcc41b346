namespace ClickOrleans.Deploy;

/// <summary>
/// The container images of the servers: what the app host runs, and the tests where there is no program that starts servers. The
/// compose files beside this one name the same images, which a test compares.
/// </summary>
internal static class ServerImages
{
    public const string Kafka = "apache/kafka:4.1.2";
    public const string KafkaUI = "ghcr.io/kafbat/kafka-ui:v1.3.0";
    public const string Postgres = "postgres:17.6";
    public const string Elasticsearch = "docker.elastic.co/elasticsearch/elasticsearch:9.5.3";

    /// <summary>The previous major version, which the adapter is tested with, too.</summary>
    public const string Elasticsearch8 = "docker.elastic.co/elasticsearch/elasticsearch:8.19.0";

    /// <summary>Aspire's dashboard where there is no app host.</summary>
    public const string Dashboard = "mcr.microsoft.com/dotnet/aspire-dashboard:13.1.0";
}
