using System.Collections.Concurrent;
using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Conformance.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Tests;

/// <summary>The promises of a click log, kept by a topic.</summary>
public sealed class KafkaLogConformance(KafkaServer server) : LogConformance, IAsyncLifetime
{
    private readonly ConcurrentDictionary<IClickLog, (string Topic, int Partitions)> _logs = new();
    private KafkaBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = new(await server.AddressAsync());

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    protected override IClickLog NewLog(int partitions) => Open(KafkaBench.NewTopic(), partitions);

    protected override IClickLog OpenAgain(IClickLog log) => Open(_logs[log].Topic, _logs[log].Partitions);

    protected override Task TruncateAsync(IClickLog log, int partition, long offset) =>
        _bench.TruncateAsync(_logs[log].Topic, partition, offset);

    protected override async Task AppendTombstoneAsync(IClickLog log, int partition, string key)
    {
        using var producer = _bench.Producer();
        await producer.ProduceAsync(
            new TopicPartition(_logs[log].Topic, partition), new() { Key = Encoding.UTF8.GetBytes(key), Value = null });
    }

    private KafkaClickLog Open(string topic, int partitions)
    {
        var log = _bench.Log(topic, partitions);
        _logs[log] = (topic, partitions);
        return log;
    }
}
