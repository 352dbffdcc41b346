using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>The delivery reports of one append: counted, so that a message costs no task.</summary>
internal sealed class KafkaAppend
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _total;
    private readonly ClientLog _log;
    private int _open;
    private int _failed;
    private Error? _firstError;

    public KafkaAppend(int total, ClientLog log)
    {
        _total = total;
        _log = log;
        _open = total;
        Report = report => Reported(report.Error);
    }

    public Action<DeliveryReport<byte[]?, byte[]>> Report { get; }

    /// <exception cref="LogAppendException">Some were not acknowledged.</exception>
    public Task Done => _done.Task;

    /// <summary>Counts messages that were never handed to the producer as failed.</summary>
    public void Abandon(int count, Error error)
    {
        for (var i = 0; i < count; i++)
        {
            Reported(error);
        }
    }

    private void Reported(Error error)
    {
        if (error.IsError)
        {
            Interlocked.Increment(ref _failed);
            Interlocked.CompareExchange(ref _firstError, error, null);
        }

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
            _done.SetException(new LogAppendException(_failed, _total, reason, new KafkaException(error)));
        }
        else
        {
            _done.SetResult();
        }
    }
}
