using System.Runtime.ExceptionServices;
using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>Reads one partition from a librdkafka consumer that other partitions share.</summary>
/// <remarks>
/// Nothing but the topic's id tells a topic from one that was made again under its name, and fetching goes by name. So the
/// id is asked for after the messages were fetched and before <see cref="ReadAsync"/> completes: an id that is still the same
/// afterwards was the same before, because ids are never given out twice. Messages that were fetched before a question are
/// covered by it, also where they are visited in a later read. The answer is waited for only after the visits. (In a cluster
/// the broker that answers may learn of a new topic some milliseconds after the partition's leader; that is not covered.)
/// <para>
/// From the last message that it has read librdkafka knows the leader's epoch, and asks a new leader where that epoch ended
/// (KIP-320): a log that was truncated behind the position is a fault, also where it is filled again. Consumers therefore open a
/// reader at the last record that they have read, not behind it, and where fetching has been interrupted it begins there again.
/// </para>
/// </remarks>
internal sealed class KafkaLogReader : ILogReader
{
    private readonly LogIdentity _identity;
    private readonly int _partition;
    private readonly Func<int, CancellationToken, Task<OffsetRange>> _offsets;
    private readonly GroupOffsetReporter _groupOffsets;
    private readonly TimeProvider _time;
    private readonly PartitionFeed _feed;
    private readonly TopicCheck _check;
    private readonly OriginSampler _origins = new();
    private (long Offset, int? LeaderEpoch)? _last;
    private Exception? _ended;

    public KafkaLogReader(
        LogIdentity identity, int partition, long offset, KafkaTopic topic, PartitionFeed feed,
        Func<int, CancellationToken, Task<OffsetRange>> offsets, GroupOffsetReporter groupOffsets, TimeProvider time)
    {
        _identity = identity;
        _partition = partition;
        _offsets = offsets;
        _groupOffsets = groupOffsets;
        _time = time;
        _check = new(topic, identity, time);
        Position = offset;
        _feed = feed;
    }

    public long Position { get; private set; }

    private FetchedMessages Fetched => _feed.Fetched;

    private string Place => $"Partition {_partition} of {_identity.Topic} at {Position}";

    public async ValueTask ReadAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended is not null)
        {
            ExceptionDispatchInfo.Throw(_ended);
        }

        try
        {
            var from = Position;
            await VisitAsync(visitor, wait, cancellationToken);
            if (Position > from)
            {
                await _check.AwaitAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is LogReplacedException or OffsetOutOfRangeException)
        {
            // librdkafka has stopped fetching, or must not go on: every further read says so again.
            _ended = exception;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(long nextOffset) => _groupOffsets.Put(_identity, _partition, nextOffset);

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private async ValueTask VisitAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        _feed.Serve();
        _origins.Start(visitor);
        var started = _time.GetTimestamp();
        var from = Position;
        while (true)
        {
            if (Fetched.Count == 0 && !TryFetch())
            {
                var left = wait - _time.GetElapsedTime(started);
                if (Position > from || left <= TimeSpan.Zero)
                {
                    return;
                }

                await WaitForMessagesAsync(left, cancellationToken);
            }
            else if (!VisitFetched(visitor) || (Fetched.Count > 0 && Position > from))
            {
                // Where a fault is left, what was visited is good: the fault is for the next read.
                return;
            }
            else if (Fetched.Count > 0)
            {
                throw await TakeFaultAsync(cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Takes messages over from librdkafka and has the topic's id asked for.</summary>
    private bool TryFetch()
    {
        if (!_feed.TryFetch(_last?.Offset ?? Position))
        {
            return false;
        }

        _check.Ask(Fetched.Count);
        return true;
    }

    private async ValueTask WaitForMessagesAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var arrival = _feed.Arrival;
        if (!TryFetch())
        {
            ThrowIfSilent();
            var untilCheck = await _check.CheckIdleAsync(cancellationToken);
            await ArrivalSignal.WaitAsync(arrival, untilCheck < wait ? untilCheck : wait, _time, cancellationToken);
        }
    }

    /// <summary>A client may stop fetching a partition without a word, such as when its broker was started again.</summary>
    private void ThrowIfSilent()
    {
        if (_feed.IsSilent(Position))
        {
            var silent = FetchedMessages.Fault(ErrorCode.Local_TimedOut, Place, "the log holds messages, but none was fetched");
            _feed.Suspect(silent);
            throw silent;
        }
    }

    /// <summary>Visits what was fetched: all of it, or up to a fault, which then is the first.</summary>
    /// <returns>Whether the visitor wants more.</returns>
    private unsafe bool VisitFetched(IMessageVisitor visitor)
    {
        var (wantsMore, faulty) = (true, false);
        while (wantsMore && !faulty && Fetched.Count > 0)
        {
            var message = Fetched.First;
            switch ((ErrorCode)message->Error)
            {
                case ErrorCode.NoError:
                    wantsMore = Visit(visitor, message);
                    break;
                case ErrorCode.Local_PartitionEOF:
                    // Control records and aborted messages in front of the end are behind us.
                    Position = Math.Max(Position, message->Offset);
                    Fetched.DestroyFirst();
                    _feed.ReachedEnd();
                    break;
                default:
                    faulty = true;
                    break;
            }
        }

        return wantsMore;
    }

    private unsafe bool Visit(IMessageVisitor visitor, NativeMessage* message)
    {
        try
        {
            var view = NativeMessage.View(message);
            if (view.Offset < Position)
            {
                SkipLast(view.Offset, view.LeaderEpoch);
                return true;
            }

            _last = (view.Offset, view.LeaderEpoch);
            Position = view.Offset + 1;
            _origins.Look(visitor, message);
            return visitor.Visit(view);
        }
        finally
        {
            Fetched.DestroyFirst();
        }
    }

    /// <summary>Fetching has begun again at the last message: it comes again if the log is still the same there.</summary>
    private void SkipLast(long offset, int? epoch)
    {
        if (offset != _last?.Offset)
        {
            throw FetchedMessages.Fault(ErrorCode.Local_Inconsistent, Place, $"offset {offset} came again");
        }

        if (epoch != _last?.LeaderEpoch)
        {
            var text = $"offset {offset} is of leader epoch {epoch} now, and was of {_last?.LeaderEpoch}";
            throw FetchedMessages.Fault(ErrorCode.Local_LogTruncation, Place, text);
        }
    }

    private async ValueTask<Exception> TakeFaultAsync(CancellationToken cancellationToken)
    {
        var fault = Fetched.TakeFault(Place);

        // Whatever it is, the first question is whether this is still the topic.
        await _check.AwaitAsync(cancellationToken);
        if (fault.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange or ErrorCode.Local_LogTruncation)
        {
            var available = await _offsets(_partition, cancellationToken);
            if (Position < available.Start || Position > available.End)
            {
                return new OffsetOutOfRangeException(_partition, Position, available);
            }
        }

        _feed.Suspect(fault);
        return fault;
    }
}
