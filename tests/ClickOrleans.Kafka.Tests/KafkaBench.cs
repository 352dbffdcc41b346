using System.Collections.Concurrent;
using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Conformance.Log;
using ClickOrleans.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Kafka.Tests;

/// <summary>Logs of one test on one server, and what others than our log do to its topic.</summary>
public sealed class KafkaBench(string servers) : IAsyncDisposable
{
    private readonly ConcurrentBag<KafkaClickLog> _logs = [];
    private readonly Lazy<IAdminClient> _admin = new(
        () => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build());

    public string Servers => servers;

    public IAdminClient Admin => _admin.Value;

    public static string NewTopic() => $"clicks-{Guid.NewGuid():N}";

    public KafkaClickLog Log(string topic, int partitions = 1, params (string Name, string Value)[] client)
    {
        var options = new KafkaOptions { Topic = topic, Partitions = partitions };
        foreach (var (name, value) in client)
        {
            options.Client[name] = value;
        }

        var log = new KafkaClickLog(servers, options, TimeProvider.System, NullLogger<KafkaClickLog>.Instance);
        _logs.Add(log);
        return log;
    }

    public Task TruncateAsync(string topic, int partition, long offset) =>
        Admin.DeleteRecordsAsync([new(topic, partition, offset)]);

    public Task DeleteAsync(string topic) => Admin.DeleteTopicsAsync([topic]);

    /// <summary>Deletes the topic and lets a new log make it again; for a moment the server may still know the old one.</summary>
    public async Task<LogIdentity> MakeAgainAsync(string topic, int partitions = 1)
    {
        var log = Log(topic, partitions);
        var before = await log.OpenAsync(TestContext.Current.CancellationToken);
        await DeleteAsync(topic);
        LogIdentity after;
        do
        {
            after = await log.OpenAsync(TestContext.Current.CancellationToken);
        }
        while (after == before);

        return after;
    }

    /// <summary>A producer as anybody else would write one.</summary>
    public IProducer<byte[]?, byte[]?> Producer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = servers, LingerMs = 0 };
        configure?.Invoke(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config).Build();
    }

    /// <summary>A topic that was just made may not be known at once.</summary>
    public async Task ProduceAsync(string topic, IEnumerable<string> values, int partition = 0)
    {
        using var producer = Producer(config => config.TopicMetadataRefreshIntervalMs = 200);
        foreach (var chunk in values.Chunk(1000))
        {
            await Task.WhenAll(chunk.Select(value => ProduceAsync(producer, topic, value, partition)));
        }
    }

    private static async Task ProduceAsync(IProducer<byte[]?, byte[]?> producer, string topic, string value, int partition)
    {
        var message = new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes(value) };
        await Poll.UntilAsync(async () =>
        {
            try
            {
                await producer.ProduceAsync(new TopicPartition(topic, partition), message);
                return true;
            }
            catch (ProduceException<byte[]?, byte[]?> exception) when (
                exception.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
            {
                return false;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs)
        {
            await log.DisposeAsync();
        }

        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }
}
