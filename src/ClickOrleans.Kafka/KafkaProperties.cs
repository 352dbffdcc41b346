using System.Globalization;

namespace ClickOrleans.Kafka;

/// <summary>
/// librdkafka's properties for each client: what the log's promises need, then what suits the pipeline unless configured
/// otherwise. Each client is given all that is configured, and ignores what belongs to another kind. Reference: librdkafka's
/// CONFIGURATION.md.
/// </summary>
internal static class KafkaProperties
{
    /// <summary>The group under which offsets are committed for lag dashboards; nobody joins it.</summary>
    public const string Group = "clickorleans";

    /// <summary>An append is given up after this time without acknowledgement: longer than a broker takes to come back.</summary>
    public const int MessageTimeoutMs = 300_000;

    private const string MessageMaxBytes = "message.max.bytes";

    /// <summary>Properties that are not for configuration, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Fixed { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "the servers are the connection string kafka",
        ["metadata.broker.list"] = "the servers are the connection string kafka",
        ["acks"] = "an append must survive a kill",
        ["request.required.acks"] = "an append must survive a kill",
        ["enable.idempotence"] = "a producer's retry must not append twice",
        ["transactional.id"] = "the pipeline's appends are not transactional",
        ["isolation.level"] = "messages of aborted transactions must not be read",
        ["auto.offset.reset"] = "an offset out of range is an error, never a jump",
        ["enable.auto.commit"] = "the store keeps the offsets",
        ["auto.commit.enable"] = "the store keeps the offsets",
        ["enable.auto.offset.store"] = "the store keeps the offsets",
        ["enable.partition.eof"] = "control records at the end could not be told from messages to come",
        ["group.id"] = "partitions are assigned by the pipeline",
    };

    private static readonly Dictionary<string, string> Shared = new(StringComparer.Ordinal)
    {
        ["log.connection.close"] = "false",
        ["client.id"] = Group,
        // A broker that comes back is found again soon.
        ["reconnect.backoff.max.ms"] = "1000",
        ["retry.backoff.max.ms"] = "1000",
        // One that accepts connections and does not answer is given up soon.
        ["socket.connection.setup.timeout.ms"] = "5000",
    };

    private static readonly Dictionary<string, string> Admin = new(StringComparer.Ordinal)
    {
        // Requests go to the broker that the metadata names as controller, also when it is gone, until the next refresh.
        ["topic.metadata.refresh.interval.ms"] = "2000",
        ["socket.timeout.ms"] = "10000",
    };

    private static readonly Dictionary<string, string> Consumer = new(StringComparer.Ordinal)
    {
        // A broker answers one request at a time, and a partition whose queue was full when it was sent waits for the answer:
        // short, so that its queue does not run empty where all others are at the end of the log.
        ["fetch.wait.max.ms"] = "50",
        ["fetch.error.backoff.ms"] = "100",
        // Bounds the memory of a partition at some 20 MB, librdkafka's own for each message included; more brings no speed.
        ["queued.max.messages.kbytes"] = "4096",
        ["fetch.message.max.bytes"] = "1048576",
        // A full queue is looked at again soon, not after librdkafka's second: it is drained in milliseconds.
        ["fetch.queue.backoff.ms"] = "2",
        // New leaders are found soon, also where the old one is silent and not gone.
        ["topic.metadata.refresh.interval.ms"] = "2000",
        ["socket.timeout.ms"] = "10000",
    };

    private static readonly Dictionary<string, string> Producer = new(StringComparer.Ordinal)
    {
        ["partitioner"] = "murmur2_random",
        ["compression.type"] = "lz4",
        ["linger.ms"] = "5",
        ["batch.size"] = "1000000",
        [MessageMaxBytes] = "2000000",
        ["message.timeout.ms"] = $"{MessageTimeoutMs}",
        // Partitions added at run time get their share.
        ["topic.metadata.refresh.interval.ms"] = "5000",
    };

    private static readonly string[] SecretWords = ["sasl.", "ssl.", "password", "secret", "token", "key", "credential"];

    public static Dictionary<string, string> ForAdmin(string servers, KafkaOptions options) =>
        Merge(Shared, Admin, options.Client, new() { ["bootstrap.servers"] = servers });

    /// <param name="partitions">How many the topic has.</param>
    public static Dictionary<string, string> ForConsumer(string servers, KafkaOptions options, int partitions)
    {
        // Every request and answer names each partition: an answer waits until its messages outweigh that.
        var least = new Dictionary<string, string> { ["fetch.min.bytes"] = $"{Math.Clamp(32 * partitions, 1, 65_536)}" };
        return Merge(Shared, Consumer, least, options.Client, new()
        {
            ["bootstrap.servers"] = servers,
            ["group.id"] = Group,
            ["isolation.level"] = "read_committed",
            ["auto.offset.reset"] = "error",
            ["enable.auto.commit"] = "false",
            ["enable.auto.offset.store"] = "false",
            ["enable.partition.eof"] = "true",
        });
    }

    public static Dictionary<string, string> ForProducer(string servers, KafkaOptions options) =>
        Merge(Shared, Producer, options.Client, new()
        {
            ["bootstrap.servers"] = servers,
            ["enable.idempotence"] = "true",
            ["acks"] = "all",
            // Confluent.Kafka's own: the value tells which message a report is of, and is no copy.
            ["dotnet.producer.delivery.report.fields"] = "value",
        });

    /// <summary>The most bytes of a message that a producer sends.</summary>
    public static int LargestMessage(KafkaOptions options) => int.Parse(
        options.Client.GetValueOrDefault(MessageMaxBytes, Producer[MessageMaxBytes]), CultureInfo.InvariantCulture);

    /// <summary>A text of librdkafka's without the values of the properties that may be secret.</summary>
    public static string WithoutSecrets(string text, KafkaOptions options) => options.Client
        .Where(pair => MayBeSecret(pair.Key) && !string.IsNullOrWhiteSpace(pair.Value))
        .Aggregate(text, (shown, pair) => shown.Replace(pair.Value, KafkaOptions.Hidden, StringComparison.Ordinal));

    public static bool MayBeSecret(string property) =>
        SecretWords.Any(word => property.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, string> Merge(params ReadOnlySpan<Dictionary<string, string>> layers)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (var (name, value) in layer)
            {
                merged[name] = value;
            }
        }

        return merged;
    }
}
