using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka;

/// <summary>
/// Appends through one idempotent producer, which keeps retrying for <see cref="KafkaProperties.MessageTimeoutMs"/>. A producer
/// that has met a fatal error (its sequence was lost, for instance with the topic it wrote to) is replaced for the next append.
/// </summary>
internal sealed class KafkaAppender(IEnumerable<KeyValuePair<string, string>> properties, string topic, ClientLog logger)
    : IDisposable
{
    /// <summary>As OpenTelemetry's semantic conventions for messaging name it.</summary>
    public const string System = "kafka";

    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Lease? _lease;
    private bool _disposed;

    /// <exception cref="InvalidOperationException">librdkafka refused; never because a server is out of reach.</exception>
    public static IProducer<byte[]?, byte[]> Build(
        IEnumerable<KeyValuePair<string, string>> properties,
        ILogger logger,
        Action<IProducer<byte[]?, byte[]>, Error> failed) =>
        new ProducerBuilder<byte[]?, byte[]>(properties)
            .SetLogHandler((_, line) => logger.Librdkafka((int)line.Level, line.Facility, line.Message))
            .SetErrorHandler(failed)
            .Build();

    public async Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (messages.Count == 0)
        {
            return;
        }

        using var span = ClickSpans.StartPublish(System, topic, messages.Count);
        try
        {
            await AppendAsync(messages, Headers(span), cancellationToken);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    public void Dispose()
    {
        Lease? last;
        lock (_gate)
        {
            _disposed = true;
            last = _lease;
            _lease = null;
        }

        last?.Dispose();
    }

    /// <summary>The headers of all messages of an append; null, and nothing to pay, where its span is not recorded.</summary>
    private static Headers? Headers(Activity? span)
    {
        if (TraceContext.ParentOf(span) is not { } parent)
        {
            return null;
        }

        var headers = new Headers { { TraceContext.ParentName, Encoding.ASCII.GetBytes(parent) } };
        if (span!.TraceStateString is { Length: > 0 } state)
        {
            headers.Add(TraceContext.StateName, Encoding.ASCII.GetBytes(state));
        }

        return headers;
    }

    private async Task AppendAsync(IReadOnlyList<LogMessage> messages, Headers? headers, CancellationToken cancellationToken)
    {
        var lease = Current();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Closed.Token);
        var append = new KafkaAppend(messages, logger);
        try
        {
            await SendAsync(lease.Producer, messages, headers, append, ended.Token);
            await append.Done.WaitAsync(ended.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LogAppendException(messages.Count, messages.Count, "the producer was closed before it had an answer.");
        }
        catch (LogAppendException exception)
            when (exception.InnerException is
                KafkaException { Error: { IsFatal: true } or { Code: ErrorCode.Local_Fatal } } fatal)
        {
            Replace(lease.Producer, fatal.Error.Reason);
            throw;
        }
    }

    private async Task SendAsync(
        IProducer<byte[]?, byte[]> producer,
        IReadOnlyList<LogMessage> messages,
        Headers? headers,
        KafkaAppend append,
        CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < messages.Count;)
        {
            try
            {
                producer.Produce(topic, Convert(messages[sent], headers), append.Report);
                sent++;
            }
            catch (KafkaException exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(FullQueuePause, cancellationToken);
            }
            catch (KafkaException exception)
            {
                // The others may be on their way; what came of them is part of the answer.
                append.Abandon(sent, exception.Error);
                break;
            }
        }
    }

    private Lease Current()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _lease ??= new(Build(properties, logger, Failed));
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
        Lease replaced;
        lock (_gate)
        {
            if (_lease is null || !ReferenceEquals(_lease.Producer, fatal))
            {
                return;
            }

            replaced = _lease;
            _lease = null;
        }

        logger.ProducerReplaced(reason);

        // On another thread: this one may be the producer's own.
        _ = Task.Run(replaced.Dispose);
    }

    private static Message<byte[]?, byte[]> Convert(in LogMessage message, Headers? headers) => new()
    {
        Key = message.Key is { } key ? Array(key) ?? key.ToArray() : null,
        Value = Array(message.Value) ?? message.Value.ToArray(),
        Headers = headers,
    };

    /// <summary>
    /// The array behind the memory where it is the whole of it; Confluent.Kafka copies it before Produce returns.
    /// </summary>
    internal static byte[]? Array(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Array is { } array && array.Length == memory.Length
            ? array
            : null;

    /// <summary>A producer and the end of its life, after which it reports nothing any more.</summary>
    private sealed class Lease(IProducer<byte[]?, byte[]> producer) : IDisposable
    {
        public IProducer<byte[]?, byte[]> Producer { get; } = producer;

        public CancellationTokenSource Closed { get; } = new();

        public void Dispose()
        {
            Producer.Flush(LastFlush);
            Producer.Dispose();
            Closed.Cancel();
        }
    }
}
