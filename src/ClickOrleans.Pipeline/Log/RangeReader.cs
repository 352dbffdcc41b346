namespace ClickOrleans.Pipeline.Log;

/// <summary>Reads the messages of a bounded range of offsets: for a second look, not for the hot path.</summary>
public sealed class RangeReader(IClickLog log, LogIdentity identity, TimeProvider time)
{
    /// <summary>How long a range may give nothing new before the log counts as unavailable.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Hands every message of the range to <paramref name="take"/>; offsets without a message are passed over.</summary>
    /// <exception cref="TimeoutException">The log gave nothing for 30 s although the range lies below its end.</exception>
    /// <exception cref="OffsetOutOfRangeException"/>
    /// <exception cref="LogReplacedException"/>
    public async Task ReadAsync(int partition, OffsetRange range, Action<RawMessage> take, CancellationToken cancellationToken)
    {
        if (range.IsEmpty)
        {
            return;
        }

        await using var reader = log.OpenBriefReader(identity, partition, range.Start);
        var visitor = new RangeVisitor(range, take);
        var last = time.GetTimestamp();
        while (reader.Position < range.End && !visitor.PassedEnd)
        {
            var before = reader.Position;
            await reader.ReadAsync(visitor, TimeSpan.FromSeconds(1), cancellationToken);
            if (reader.Position > before)
            {
                last = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(last) > Timeout)
            {
                throw new TimeoutException(
                    $"Partition {partition} of {identity.Topic}: nothing at offset {before} within {Timeout.TotalSeconds:0} s.");
            }
        }
    }

    /// <summary>The message at an offset; null if the log holds none there.</summary>
    public async Task<RawMessage?> FindAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        RawMessage? found = null;
        await ReadAsync(partition, new OffsetRange(offset, offset + 1), message => found = message, cancellationToken);
        return found;
    }

    private sealed class RangeVisitor(OffsetRange range, Action<RawMessage> take) : IMessageVisitor
    {
        public bool PassedEnd { get; private set; }

        public bool Visit(in ReceivedMessage message)
        {
            PassedEnd = message.Offset >= range.End - 1;
            if (message.Offset < range.End)
            {
                take(new RawMessage(
                    message.Offset,
                    message.AppendedAt,
                    message.HasKey ? message.Key.ToArray() : null,
                    message.HasValue ? message.Value.ToArray() : null,
                    RecordMark.Of(message),
                    message.IsProducerTime));
            }

            return !PassedEnd;
        }
    }
}
