using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>
/// Offsets for lag dashboards, committed to a group that nobody joins: those that moved, in one request. Nothing reads them back:
/// the truth is in the store, and a failure here is nobody's concern.
/// </summary>
/// <remarks>
/// By a consumer without subscription, and not by the admin client, whose requests for a group's offsets end the process where
/// the answer is an error (librdkafka 2.16.0 looks for the consumer group that an admin client does not have).
/// </remarks>
internal sealed class GroupOffsetReporter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, long> _offsets = new();
    private readonly Dictionary<int, long> _sent = [];
    private readonly KafkaConsumers _consumers;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private List<KeyValuePair<int, long>> _onTheWay = [];
    private LogIdentity? _identity;

    public GroupOffsetReporter(KafkaConsumers consumers, TimeProvider time, ILogger logger)
    {
        _consumers = consumers;
        _logger = logger;
        _timer = time.CreateTimer(_ => Send(), null, Interval, Interval);
    }

    public void Put(LogIdentity identity, int partition, long nextOffset)
    {
        _offsets[partition] = nextOffset;
        Volatile.Write(ref _identity, identity);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Send()
    {
        if (Volatile.Read(ref _identity) is not { } identity || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (TryEnd())
            {
                var moved = _offsets.Where(offset => _sent.GetValueOrDefault(offset.Key, -1) != offset.Value).ToList();
                if (moved.Count > 0)
                {
                    _consumers.Commit(identity, moved);
                    _onTheWay = moved;
                }
            }
        }
        catch (Exception exception)
        {
            _logger.GroupOffsetCommitFailed(KafkaProperties.Group, exception.Message);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Whether nothing is on the way any more.</summary>
    private bool TryEnd()
    {
        var arrived = _onTheWay;
        _onTheWay = [];
        if (!_consumers.TryEndCommit())
        {
            _onTheWay = arrived;
            return false;
        }

        arrived.ForEach(offset => _sent[offset.Key] = offset.Value);
        return true;
    }
}
