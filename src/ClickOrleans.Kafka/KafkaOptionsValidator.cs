using ClickOrleans.Kafka.Native;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Kafka;

/// <summary>Names every fault at once. Values of properties that may be secret are never repeated.</summary>
public sealed class KafkaOptionsValidator : IValidateOptions<KafkaOptions>
{
    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        List<string> faults = [];
        Check(options.Topic.Length > 0 && IsTopicName(options.Topic), nameof(options.Topic), options.Topic,
            "1 to 249 letters, digits, '.', '_' and '-'");
        Check(options.Partitions is >= 1 and <= 10_000, nameof(options.Partitions), options.Partitions, "1 to 10000");
        Check(options.ReplicationFactor is -1 or (>= 1 and <= 100), nameof(options.ReplicationFactor), options.ReplicationFactor,
            "1 to 100, or -1 for the cluster's default");

        using var configuration = new NativeConfiguration();
        foreach (var (property, value) in options.Client)
        {
            var key = $"{KafkaOptions.Section}:{nameof(options.Client)}:{property}";
            if (KafkaProperties.Fixed.TryGetValue(property, out var reason))
            {
                faults.Add($"{key} cannot be set: {reason}.");
            }
            else if (configuration.TrySet(property, value) is { } refusal)
            {
                faults.Add(KafkaProperties.MayBeSecret(property)
                    ? $"{key} was refused by librdkafka (the value may be secret and is not shown)."
                    : $"{key} = '{value}' was refused by librdkafka: {refusal}");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool holds, string member, object value, string allowed)
        {
            if (!holds)
            {
                faults.Add($"{KafkaOptions.Section}:{member} = '{value}' is not allowed: {allowed}.");
            }
        }
    }

    private static bool IsTopicName(string name) =>
        name.Length <= 249 && name is not ("." or "..") && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
