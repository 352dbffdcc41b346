namespace ClickOrleans.Testing.Servers;

/// <summary>The container images that tests run where there is no program that starts servers; pinned.</summary>
public static class ServerImages
{
    public const string Kafka = "confluentinc/cp-kafka:7.9.1";
    public const string Postgres = "postgres:17.5";
    public const string Elasticsearch = "docker.elastic.co/elasticsearch/elasticsearch:9.5.3";

    /// <summary>The version before, which the adapter is tested with as well.</summary>
    public const string Elasticsearch8 = "docker.elastic.co/elasticsearch/elasticsearch:8.19.0";
}
