using System.Runtime.ExceptionServices;
using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>Reads one partition with a librdkafka consumer of its own.</summary>
/// <remarks>
/// Nothing but the topic's id tells a topic from one that was made again under its name, and fetching goes by name. So the
/// id is asked for after the messages were fetched and before <see cref="Read"/> returns: an id that is still the same
/// afterwards was the same before, because ids are never given out twice. Messages that were fetched before a question are covered by it,
/// also where they are visited in a later read. The answer is waited for only after the visits. (In a cluster the
/// broker that answers may learn of a new topic some milliseconds after the partition's leader; that much is not covered.)
/// </remarks>
internal sealed class KafkaLogReader : ILogReader
{
    private const int MessagesPerFetch = 4096;

    /// <summary>How long a wait for messages may go on without a look at the cancellation token.</summary>
    private const int WaitSliceMs = 100;

    /// <summary>In how many messages of a run headers are looked at one by one; small appends each leave a few.</summary>
    private const int LookedAtFirst = 32;

    /// <summary>From then on each of so many; large appends leave many in a row.</summary>
    private const int LookedAtOneOf = 256;

    /// <summary>How often a reader that gets no messages asks whether the topic is still the same, and the cluster still there.</summary>
    private static readonly TimeSpan IdleCheckInterval = TimeSpan.FromSeconds(5);

    private readonly KafkaTopic _topic;
    private readonly LogIdentity _identity;
    private readonly int _partition;
    private readonly Func<int, CancellationToken, Task<OffsetRange>> _offsets;
    private readonly GroupOffsetReporter _groupOffsets;
    private readonly TimeProvider _time;
    private readonly NativeConsumer _consumer;
    private readonly nint[] _fetched = new nint[MessagesPerFetch];
    private int _first;
    private int _count;
    private int _looked;
    private bool _looks;
    private Task<TopicState>? _check;
    private long _checkedAt;
    private Exception? _ended;

    public KafkaLogReader(
        LogIdentity identity, int partition, long offset, KafkaTopic topic, IEnumerable<KeyValuePair<string, string>> properties,
        Func<int, CancellationToken, Task<OffsetRange>> offsets, GroupOffsetReporter groupOffsets, TimeProvider time, ILogger logger)
    {
        _identity = identity;
        _partition = partition;
        _topic = topic;
        _offsets = offsets;
        _groupOffsets = groupOffsets;
        _time = time;
        _checkedAt = time.GetTimestamp();
        Position = offset;
        _consumer = new(properties, identity.Topic, partition, offset, logger);
    }

    public long Position { get; private set; }

    public void Read(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended is not null)
        {
            ExceptionDispatchInfo.Throw(_ended);
        }

        try
        {
            ReadOn(visitor, wait, cancellationToken);
        }
        catch (Exception e) when (e is LogReplacedException or OffsetOutOfRangeException)
        {
            // librdkafka has stopped fetching, or must not go on: every further read says so again.
            _ended = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(long nextOffset) => _groupOffsets.Put(_partition, nextOffset);

    public void Dispose()
    {
        while (_count > 0)
        {
            DestroyFirst();
        }

        _consumer.Dispose();
    }

    private void ReadOn(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        _consumer.Serve();
        var started = _time.GetTimestamp();
        var from = Position;
        (_looks, _looked) = (visitor.WantsOrigins, 0);
        do
        {
            var moved = Position > from;
            if (_count == 0 && !Fetch(moved ? TimeSpan.Zero : wait - _time.GetElapsedTime(started)))
            {
                if (moved)
                {
                    break;
                }

                CheckIdle(cancellationToken);
            }
            else if (!VisitFetched(visitor, from, cancellationToken))
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        while (Position > from || _time.GetElapsedTime(started) < wait);

        if (Position > from)
        {
            AwaitCheck(cancellationToken);
        }
    }

    /// <summary>Takes messages over from librdkafka and has the topic's id asked for.</summary>
    private bool Fetch(TimeSpan wait)
    {
        var milliseconds = (int)Math.Clamp(wait.TotalMilliseconds, 0, WaitSliceMs);
        _first = 0;
        _count = _consumer.Consume(_fetched, milliseconds);
        if (_count > 0)
        {
            _check = _topic.AskAsync();
        }

        return _count > 0;
    }

    /// <returns>Whether the visitor wants more and the partition has no fault.</returns>
    private unsafe bool VisitFetched(IMessageVisitor visitor, long from, CancellationToken cancellationToken)
    {
        while (_count > 0)
        {
            var message = (NativeMessage*)_fetched[_first];
            if (message->Error == (int)ErrorCode.NoError)
            {
                if (!Visit(visitor, message))
                {
                    return false;
                }
            }
            else if (message->Error == (int)ErrorCode.Local_PartitionEOF)
            {
                // Control records and aborted messages in front of the end are behind us.
                Position = Math.Max(Position, message->Offset);
                DestroyFirst();
            }
            else if (Position > from)
            {
                // What was visited is good; the fault is for the next read.
                return false;
            }
            else
            {
                throw Fault(message, cancellationToken);
            }
        }

        return true;
    }

    private unsafe bool Visit(IMessageVisitor visitor, NativeMessage* message)
    {
        try
        {
            if (message->Offset < Position)
            {
                throw new KafkaException(new Error(
                    ErrorCode.Local_Inconsistent, $"Offset {message->Offset} of partition {_partition} came again at {Position}."));
            }

            Position = message->Offset + 1;
            if (_looks && (_looked < LookedAtFirst || _looked % LookedAtOneOf == 0) && NativeHeaders.TryReadOrigin(message, out var origin))
            {
                visitor.TakeOrigin(origin);
            }

            _looked++;
            int timestampType;
            var received = new ReceivedMessage
            {
                Offset = message->Offset,
                AppendedAt = DateTime.UnixEpoch.AddMilliseconds(Math.Max(0, Librdkafka.Timestamp(message, &timestampType))),
                HasKey = message->Key is not null,
                Key = message->KeyBytes,
                HasValue = message->Payload is not null,
                Value = message->PayloadBytes,
            };
            return visitor.Visit(received);
        }
        finally
        {
            DestroyFirst();
        }
    }

    private unsafe Exception Fault(NativeMessage* message, CancellationToken cancellationToken)
    {
        var code = (ErrorCode)message->Error;
        var fault = new KafkaException(new Error(code, $"Partition {_partition} at {Position}: {System.Text.Encoding.UTF8.GetString(message->PayloadBytes)}"));
        DestroyFirst();

        // Whatever it is, the first question is whether this is still the topic.
        AwaitCheck(cancellationToken);
        if (code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            var available = _offsets(_partition, cancellationToken).GetAwaiter().GetResult();
            if (Position < available.Start || Position > available.End)
            {
                return new OffsetOutOfRangeException(_partition, Position, available);
            }
        }

        return fault;
    }

    /// <summary>Waits for the answer to the last question.</summary>
    private void AwaitCheck(CancellationToken cancellationToken)
    {
        var found = _check!.WaitAsync(cancellationToken).GetAwaiter().GetResult();
        _checkedAt = _time.GetTimestamp();
        ThrowIfReplaced(found);
    }

    /// <summary>Asks from time to time, and looks for the answer without waiting for it.</summary>
    private void CheckIdle(CancellationToken cancellationToken)
    {
        if (_check is { IsCompleted: true })
        {
            AwaitCheck(cancellationToken);
            _check = null;
        }
        else if (_check is null && _time.GetElapsedTime(_checkedAt) >= IdleCheckInterval)
        {
            _check = _topic.AskAsync();
        }
    }

    private void ThrowIfReplaced(TopicState found)
    {
        if (found.TopicId != _identity.TopicId)
        {
            throw new LogReplacedException(_identity, found.TopicId);
        }
    }

    private unsafe void DestroyFirst()
    {
        Librdkafka.DestroyMessage((NativeMessage*)_fetched[_first]);
        _first++;
        _count--;
    }
}
