using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>
/// Offsets for lag dashboards, committed to a group that nobody joins. Nothing reads them back: the truth is in the store, and a
/// failure here is nobody's concern.
/// </summary>
/// <remarks>
/// By a consumer without assignment, and not by the admin client, whose requests for a group's offsets end the process where
/// the answer is an error (librdkafka 2.16.0 looks for the consumer group that an admin client does not have).
/// </remarks>
internal sealed class GroupOffsetReporter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, long> _offsets = new();
    private readonly Dictionary<int, long> _sent = [];
    private readonly IEnumerable<KeyValuePair<string, string>> _properties;
    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private IConsumer<Ignore, Ignore>? _consumer;

    public GroupOffsetReporter(
        IEnumerable<KeyValuePair<string, string>> properties, string topic, TimeProvider time, ILogger logger)
    {
        _properties = KafkaProperties.InGroup(properties);
        _topic = topic;
        _logger = logger;
        _timer = time.CreateTimer(_ => Send(), null, Interval, Interval);
    }

    /// <exception cref="InvalidOperationException">librdkafka refused; never because a server is out of reach.</exception>
    public static IConsumer<Ignore, Ignore> Build(IEnumerable<KeyValuePair<string, string>> properties, ILogger logger) =>
        new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetLogHandler((_, line) => logger.Librdkafka((int)line.Level, line.Facility, line.Message))
            .Build();

    public void Put(int partition, long nextOffset) => _offsets[partition] = nextOffset;

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();

        // A commit to a server that is away ends some time later, and its client with the process.
        if (await _sending.WaitAsync(Interval))
        {
            _consumer?.Dispose();
        }
    }

    private void Send()
    {
        if (_offsets.IsEmpty || !_sending.Wait(0))
        {
            return;
        }

        try
        {
            var moved = _offsets.Where(offset => _sent.GetValueOrDefault(offset.Key, -1) != offset.Value).ToList();
            if (moved.Count > 0)
            {
                _consumer ??= Build(_properties, _logger);
                _consumer.Commit(moved.Select(offset => new TopicPartitionOffset(_topic, offset.Key, offset.Value)));
                moved.ForEach(offset => _sent[offset.Key] = offset.Value);
            }
        }
        catch (Exception exception)
        {
            _logger.GroupOffsetCommitFailed(KafkaProperties.Group, exception.Message);
        }
        finally
        {
            _sending.Release();
        }
    }
}
