using ClickOrleans.Pipeline.Composition;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>What the Kafka client throws where a broker or the network fails.</summary>
internal sealed class KafkaOutages : IOutageClassifier
{
    public string? Describe(Exception exception) => exception is KafkaException ? exception.Message : null;
}
