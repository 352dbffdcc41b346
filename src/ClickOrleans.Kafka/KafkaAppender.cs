using System.Runtime.InteropServices;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka;

/// <summary>
/// Appends through one idempotent producer, which keeps retrying for <see cref="KafkaProperties.MessageTimeoutMs"/>. A producer
/// that has met a fatal error (its sequence was lost, for instance with the topic it wrote to) is replaced for the next append.
/// </summary>
internal sealed class KafkaAppender(IEnumerable<KeyValuePair<string, string>> properties, string topic, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]>? _producer;
    private bool _disposed;

    public async Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (messages.Count == 0)
        {
            return;
        }

        var producer = Producer();
        var append = new KafkaAppend(messages.Count);
        for (var sent = 0; sent < messages.Count;)
        {
            try
            {
                producer.Produce(topic, Convert(messages[sent]), append.Report);
                sent++;
            }
            catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(FullQueuePause, cancellationToken);
            }
            catch (KafkaException e)
            {
                // The others may be on their way; what came of them is part of the answer.
                append.Abandon(messages.Count - sent, e.Error);
                break;
            }
        }

        try
        {
            await append.Done.WaitAsync(cancellationToken);
        }
        catch (LogAppendException e) when (e.InnerException is KafkaException { Error: var error })
        {
            if (error.IsFatal || error.Code == ErrorCode.Local_Fatal)
            {
                Replace(producer, error.Reason);
            }

            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _producer?.Flush(LastFlush);
            _producer?.Dispose();
            _producer = null;
        }
    }

    private IProducer<byte[]?, byte[]> Producer()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _producer ??= new ProducerBuilder<byte[]?, byte[]>(properties)
                .SetLogHandler((_, line) => logger.Librdkafka((int)line.Level, line.Facility, line.Message))
                .SetErrorHandler((failing, error) => Failed(failing, error))
                .Build();
        }
    }

    private void Failed(IProducer<byte[]?, byte[]> producer, Error error)
    {
        if (error.IsFatal)
        {
            Replace(producer, error.Reason);
        }
    }

    private void Replace(IProducer<byte[]?, byte[]> fatal, string reason)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_producer, fatal))
            {
                return;
            }

            _producer = null;
        }

        logger.ProducerReplaced(reason);

        // On another thread: this one may be the producer's own. Its messages are all reported as failed before.
        _ = Task.Run(() =>
        {
            fatal.Flush(LastFlush);
            fatal.Dispose();
        });
    }

    private static Message<byte[]?, byte[]> Convert(in LogMessage message) => new()
    {
        Key = message.Key is { } key ? Array(key) : null,
        Value = Array(message.Value),
    };

    /// <summary>The array behind the memory where it is the whole of it; Confluent.Kafka copies it before Produce returns.</summary>
    private static byte[] Array(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Array is { } array && array.Length == memory.Length
            ? array
            : memory.ToArray();
}
