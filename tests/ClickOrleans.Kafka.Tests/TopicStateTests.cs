using ClickOrleans.Pipeline.Composition;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Tests;

/// <summary>A broker whose protocol has no topic ids: two logs of one name could not be told apart.</summary>
public sealed class TopicStateTests(KafkaServer server) : KafkaTestBase(server)
{
    [Fact]
    public async Task A_broker_with_an_old_protocol_ends_a_start_with_the_reason()
    {
        var topic = KafkaBench.NewTopic();
        await Bench.Log(topic).OpenAsync(Cancellation);
        await using var broker = new OldProtocolBroker(Bench.Servers);
        await using var bench = new KafkaBench(broker.Address);

        var exception = await Assert.ThrowsAsync<StartupException>(() => bench.Log(topic).OpenAsync(Cancellation));

        Assert.Contains("the broker tells no topic id", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_without_an_id_is_no_log_and_ends_a_start()
    {
        var exception = Assert.Throws<KafkaException>(() => TopicState.Of(Guid.Empty, [1, 1]));

        Assert.StartsWith("the broker tells no topic id", exception.Message, StringComparison.Ordinal);
        Assert.True(TopicState.IsUnsupported(exception));
    }

    [Fact]
    public void A_topic_with_an_id_is_a_log()
    {
        var id = Guid.NewGuid();

        var state = TopicState.Of(id, [1, TopicState.NoLeader]);

        Assert.Equal((id, 2), (state.TopicId, state.Partitions));
    }

    [Fact]
    public void An_outage_does_not_end_a_start() =>
        Assert.False(TopicState.IsUnsupported(new KafkaException(ErrorCode.Local_Transport)));
}
