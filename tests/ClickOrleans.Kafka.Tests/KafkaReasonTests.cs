using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka.Tests;

public sealed class KafkaReasonTests(KafkaServer server) : KafkaTestBase(server)
{
    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge, "ClickOrleans:Kafka:Client:message.max.bytes")]
    [InlineData(ErrorCode.MsgSizeTooLarge, "max.message.bytes")]
    [InlineData(ErrorCode.Local_MsgTimedOut, "ClickOrleans:Kafka:Client:message.timeout.ms")]
    [InlineData(ErrorCode.NotEnoughReplicas, "min.insync.replicas")]
    [InlineData(ErrorCode.InvalidReplicationFactor, "ClickOrleans:Kafka:ReplicationFactor")]
    public void The_setting_to_change_is_named(ErrorCode code, string setting)
    {
        var error = new Error(code);

        var reason = KafkaReason.Of(error, null);

        Assert.StartsWith(error.Reason, reason, StringComparison.Ordinal);
        Assert.Contains(setting, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_with_the_setting_to_raise()
    {
        var log = Bench.Log(KafkaBench.NewTopic());
        await log.OpenAsync(Cancellation);

        var refusal = await Assert.ThrowsAsync<LogAppendException>(
            () => log.AppendAsync([new LogMessage(null, new byte[3_000_000])], Cancellation));

        Assert.Contains("ClickOrleans:Kafka:Client:message.max.bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_says_why_the_client_does_not_connect()
    {
        await using var away = new KafkaBench("127.0.0.1:1");

        var outage = await Assert.ThrowsAsync<KafkaException>(
            () => away.Log(KafkaBench.NewTopic()).IdentifyAsync(Cancellation));

        Assert.StartsWith("DescribeTopics: ", outage.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", outage.Message, StringComparison.Ordinal);
    }
}
