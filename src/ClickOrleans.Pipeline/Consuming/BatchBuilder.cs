using System.Diagnostics;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Decodes messages into a batch until it is full by count or bytes.</summary>
internal sealed class BatchBuilder(ConsumingOptions options, AdaptiveBatch size) : IMessageVisitor
{
    /// <summary>Shared by partitions, which are many: it keeps half a megabyte of texts. A thread visits one at a time.</summary>
    [ThreadStatic]
    private static ClickDecoder? _decoder;

    private readonly LastRecord _last = new();
    private ClickBatch? _batch;
    private int _messages;
    private long _bytes;

    public bool IsEmpty => _messages == 0;

    public int Messages => _messages;

    /// <summary>The timestamp at which its first message was read.</summary>
    public long Begun { get; set; }

    /// <summary>The spans that the messages were published in.</summary>
    public TraceOrigins Origins { get; } = new();

    public bool WantsOrigins => ClickTelemetry.IsTraced && !Origins.IsFull;

    public bool IsFull => _messages >= size.Size || _bytes >= options.BatchBytes;

    /// <summary>When the first message of the batch was appended to the log; null while the log has told none's time.</summary>
    public DateTime? OldestAppendedAt { get; private set; }

    /// <summary>The last message of the batch; null while there is none.</summary>
    public RecordMark? LastRecord => _last.Mark;

    public void Start(ClickBatch batch, long expectedOffset)
    {
        batch.Clicks.Clear();
        batch.DeadLetters.Clear();
        batch.Duplicates.Clear();
        batch.ExpectedOffset = expectedOffset;
        batch.NextOffset = expectedOffset;
        batch.LastRecord = null;
        _batch = batch;
        _messages = 0;
        _bytes = 0;
        OldestAppendedAt = null;
        _last.Clear();
        Origins.Clear();
    }

    public void TakeOrigin(in ActivityContext origin) => Origins.Add(origin);

    public bool Visit(in ReceivedMessage message)
    {
        OldestAppendedAt ??= message.IsProducerTime ? null : message.AppendedAt;
        _messages++;
        _bytes += message.Key.Length + message.Value.Length;
        _last.Visit(message);
        var batch = _batch!;
        if (!(_decoder ??= new()).TryDecode(message.Value, message.Offset, batch.Clicks, out var fault))
        {
            batch.DeadLetters.Add(new DeadLetter(
                message.Offset,
                message.HasKey ? message.Key.ToArray() : null,
                message.HasValue ? message.Value.ToArray() : null,
                fault.Reason,
                fault.Error));
        }

        return !IsFull;
    }
}
