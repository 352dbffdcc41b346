using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>
/// Offsets for lag dashboards, written to a group that nobody joins. Nothing reads them back: the truth is in the store, and a
/// failure here is nobody's concern.
/// </summary>
internal sealed class KafkaCourtesyOffsets : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly AlterConsumerGroupOffsetsOptions Options = new() { RequestTimeout = TimeSpan.FromSeconds(5) };

    private readonly ConcurrentDictionary<int, long> _offsets = new();
    private readonly Dictionary<int, long> _sent = [];
    private readonly IAdminClient _admin;
    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _sending;

    public KafkaCourtesyOffsets(IAdminClient admin, string topic, TimeProvider time, ILogger logger)
    {
        _admin = admin;
        _topic = topic;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = SendAsync(), null, Interval, Interval);
    }

    public void Put(int partition, long nextOffset) => _offsets[partition] = nextOffset;

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private async Task SendAsync()
    {
        if (Interlocked.Exchange(ref _sending, 1) == 1)
        {
            return;
        }

        try
        {
            var moved = _offsets.Where(offset => _sent.GetValueOrDefault(offset.Key, -1) != offset.Value).ToList();
            if (moved.Count == 0)
            {
                return;
            }

            await _admin.AlterConsumerGroupOffsetsAsync(
                [new(KafkaProperties.Group, [.. moved.Select(offset => new TopicPartitionOffset(_topic, offset.Key, offset.Value))])], Options);
            moved.ForEach(offset => _sent[offset.Key] = offset.Value);
        }
        catch (Exception e)
        {
            _logger.CourtesyFailed(KafkaProperties.Group, e.Message);
        }
        finally
        {
            Volatile.Write(ref _sending, 0);
        }
    }
}
