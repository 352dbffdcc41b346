using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka;

/// <summary>The delivery reports of one append: counted, so that a message costs no task.</summary>
internal sealed class KafkaAppend
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<LogMessage> _messages;
    private readonly ClientLog _log;
    private int _open;
    private int _failed;
    private int? _first;
    private Error? _firstError;

    public KafkaAppend(IReadOnlyList<LogMessage> messages, ClientLog log)
    {
        _messages = messages;
        _log = log;
        _open = messages.Count;
        Report = report => Reported(report.Error, report.Message?.Value);
    }

    public Action<DeliveryReport<byte[]?, byte[]>> Report { get; }

    /// <exception cref="LogAppendException">Some were not acknowledged.</exception>
    public Task Done => _done.Task;

    /// <summary>Counts messages that were never handed to the producer as failed.</summary>
    public void Abandon(int from, Error error)
    {
        for (var i = from; i < _messages.Count; i++)
        {
            Failed(error, i);
            Answered();
        }
    }

    private void Reported(Error error, byte[]? value)
    {
        if (error.IsError)
        {
            Failed(error, Find(value));
        }

        Answered();
    }

    private void Failed(Error error, int place)
    {
        lock (_gate)
        {
            _failed++;
            _firstError ??= error;
            if (place >= 0 && !(_first <= place))
            {
                _first = place;
            }
        }
    }

    /// <summary>Where the message is, by its value's array: a number for each message would cost an object each.</summary>
    private int Find(byte[]? value)
    {
        for (var i = 0; i < (_first ?? _messages.Count); i++)
        {
            if (KafkaAppender.Array(_messages[i].Value) == value)
            {
                return i;
            }
        }

        return -1;
    }

    private void Answered()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            Complete();
        }
    }

    private void Complete()
    {
        if (_firstError is { } error)
        {
            var reason = KafkaReason.Of(error, _log.LastError);
            _done.SetException(new LogAppendException(_failed, _messages.Count, reason, new KafkaException(error))
            {
                First = _first,
            });
        }
        else
        {
            _done.SetResult();
        }
    }
}
