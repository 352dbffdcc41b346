using System.Text;
using ClickOrleans.Testing.LogConformance;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Tests;

public sealed class OtherProducersTests(KafkaServer server) : KafkaTestBase(server)
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Messages_of_any_codec_with_headers_and_odd_keys_are_read_as_they_are(CompressionType codec)
    {
        var topic = KafkaBench.NewTopic();
        var log = Bench.Log(topic);
        var identity = await log.OpenAsync();
        using (var producer = Bench.Producer(config =>
        {
            config.CompressionType = codec;
            config.LingerMs = 20;
            config.ClientId = "somebody else";
        }))
        {
            for (var number = 0; number < 1000; number++)
            {
                producer.Produce(new TopicPartition(topic, 0), new()
                {
                    Key = number % 3 == 0 ? null : Encoding.UTF8.GetBytes($"key {number}"),
                    Value = number % 100 == 0 ? null : Encoding.UTF8.GetBytes($"value {number} " + new string('x', number)),
                    Headers = [new Header("trace", [1, 2, 3]), new Header("empty", null)],
                    Timestamp = new(1_000_000_000_000 + number, TimestampType.CreateTime),
                });
            }

            producer.Flush(Cancellation);
        }

        using var reader = log.OpenReader(identity, 0, 0);
        var read = new MessageCollector();
        reader.ReadUntil(read, 1000);

        for (var number = 0; number < 1000; number++)
        {
            var message = read.Messages[number];
            Assert.Equal(number, message.Offset);
            Assert.Equal(number % 3 == 0 ? null : $"key {number}", message.KeyText);
            Assert.Equal(number % 100 == 0 ? null : $"value {number} " + new string('x', number), message.ValueText);
            Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(1_000_000_000_000 + number), message.AppendedAt);
        }
    }
}
