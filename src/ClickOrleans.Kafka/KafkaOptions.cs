using System.ComponentModel.DataAnnotations;
using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Configuration;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Kafka;

/// <summary>
/// The click log in Kafka. The server's address is the connection string <c>kafka</c>.
/// </summary>
/// <example><code>
/// "ClickOrleans": { "Kafka": {
///   "Topic": "clickstream", "Partitions": 4, "ReplicationFactor": 1,
///   "Client": {
///     "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "...", "sasl.password": "..."
///   }
/// } }
/// </code></example>
public sealed class KafkaOptions : IValidated
{
    public const string Section = "ClickOrleans:Kafka";
    public const string DefaultTopic = "clickstream";
    public const int DefaultPartitions = 4;
    public const short DefaultReplicationFactor = 1;
    internal const string Hidden = "***";

    /// <summary>The topic's name.</summary>
    /// <value>Default <c>clickstream</c>; 1 to 249 letters, digits, '.', '_' and '-'.</value>
    [RegularExpression(@"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}", ErrorMessage = "1 to 249 letters, digits, '.', '_' and '-'")]
    [Required]
    public string Topic { get; set; } = DefaultTopic;

    /// <summary>The partitions of a topic that is made because it is missing. One that is there keeps its own.</summary>
    /// <value>Default 4; 1 to 10,000.</value>
    [Range(1, 10_000)]
    public int Partitions { get; set; } = DefaultPartitions;

    /// <summary>The replicas of a topic that is made because it is missing.</summary>
    /// <value>Default 1; 1 to 100, or -1 for the cluster's default.</value>
    public short ReplicationFactor { get; set; } = DefaultReplicationFactor;

    /// <summary>
    /// Any further property of librdkafka, applied to producer, consumer and admin client where it belongs to each. May hold
    /// secrets.
    /// </summary>
    /// <value>Default none; not the properties that the log's promises need.</value>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Values of properties that may be secret, and of unknown ones (a misspelled password), are never repeated.
    /// </summary>
    public IEnumerable<ValidationError> Validate()
    {
        if (ReplicationFactor is not (-1 or (>= 1 and <= 100)))
        {
            yield return ValidationError.NotAllowed(
                nameof(ReplicationFactor), ReplicationFactor, "1 to 100, or -1 for the cluster's default");
        }

        var properties = Properties().ToList();
        foreach (var error in properties.Count > 0 ? properties : Clients())
        {
            yield return error;
        }
    }

    /// <summary>Properties that are wrong by themselves.</summary>
    private IEnumerable<ValidationError> Properties()
    {
        using var configuration = new NativeConfiguration();
        foreach (var (property, value) in Client)
        {
            var key = $"{nameof(Client)}:{property}";
            if (KafkaProperties.Fixed.TryGetValue(property, out var reason))
            {
                yield return ValidationError.NotAllowed(
                    key, Shown(property, value), $"no values but the pipeline's own: {reason}");
            }
            else if (configuration.TrySet(property, value) is { } refusal)
            {
                yield return IsUnknown(refusal)
                    ? ValidationError.NotAllowed(key, Hidden, $"librdkafka's properties and values: {refusal}")
                    : ValidationError.NotAllowed(key, Shown(property, value), Allowed(property, refusal));
            }
        }
    }

    /// <summary>Clients that cannot be made of properties that are right by themselves.</summary>
    private IEnumerable<ValidationError> Clients() => Client.Count == 0 ? [] : KafkaClientCheck.Refusals(this)
        .GroupBy(refused => refused.Refusal, refused => refused.Client, StringComparer.Ordinal)
        .Select(refused => new ValidationError(
            nameof(Client), $"makes no {string.Join(" and no ", refused)}; librdkafka says: {refused.Key}"));

    private static bool IsUnknown(string refusal) => refusal.StartsWith("No such", StringComparison.Ordinal);

    private static string Shown(string property, string value) => KafkaProperties.MayBeSecret(property) ? Hidden : value;

    /// <summary>librdkafka's words for a wrong value may repeat it.</summary>
    private static string Allowed(string property, string refusal) => KafkaProperties.MayBeSecret(property)
        ? "librdkafka's properties and values"
        : $"librdkafka's properties and values: {refusal}";
}
