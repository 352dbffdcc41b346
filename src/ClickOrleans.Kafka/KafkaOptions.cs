namespace ClickOrleans.Kafka;

/// <summary>
/// The click log in Kafka. The server's address is the connection string <c>kafka</c>.
/// </summary>
/// <example><code>
/// "ClickOrleans": { "Kafka": {
///   "Topic": "clickstream", "Partitions": 4, "ReplicationFactor": 1,
///   "Client": { "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "...", "sasl.password": "..." }
/// } }
/// </code></example>
public sealed class KafkaOptions
{
    public const string Section = "ClickOrleans:Kafka";
    public const string DefaultTopic = "clickstream";
    public const int DefaultPartitions = 4;
    public const short DefaultReplicationFactor = 1;

    /// <value>The topic's name; at most 249 letters, digits, '.', '_' and '-'. The default is <c>clickstream</c>.</value>
    public string Topic { get; set; } = DefaultTopic;

    /// <value>The partitions of a topic that is made because it is missing; 1 to 10,000. The default is 4. One that is there keeps its own.</value>
    public int Partitions { get; set; } = DefaultPartitions;

    /// <value>The replicas of a topic that is made because it is missing; 1 to 100, or -1 for the cluster's default. The default is 1.</value>
    public short ReplicationFactor { get; set; } = DefaultReplicationFactor;

    /// <value>Any further property of librdkafka, applied to producer, consumer and admin client where it belongs to each. May hold secrets.</value>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);
}
