using System.Collections.Concurrent;
using System.Text;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Kafka.Tests;

/// <summary>Logs of one test on one server, and what others than our log do to its topic.</summary>
public sealed class KafkaBench(string servers) : IAsyncDisposable
{
    private readonly ConcurrentBag<KafkaClickLog> _logs = [];
    private readonly Lazy<IAdminClient> _admin = new(() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build());

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

    /// <summary>Deletes the topic and lets a new log make it again.</summary>
    public async Task<LogIdentity> MakeAgainAsync(string topic, int partitions = 1)
    {
        await DeleteAsync(topic);
        return await Log(topic, partitions).OpenAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A producer as anybody else would write one.</summary>
    public IProducer<byte[]?, byte[]?> Producer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = servers, LingerMs = 0 };
        configure?.Invoke(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config).Build();
    }

    public async Task ProduceAsync(string topic, IEnumerable<string> values, int partition = 0)
    {
        using var producer = Producer();
        await Task.WhenAll(values.Select(value => producer.ProduceAsync(
            new TopicPartition(topic, partition), new() { Value = Encoding.UTF8.GetBytes(value) })));
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
