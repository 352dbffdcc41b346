using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Whether the log still holds the last record that was read. A log that went back (a restored disk, an unclean election, a file
/// copied back) and was filled again holds another one there. Where the log holds none there any more, there is no verdict.
/// </summary>
internal static class LastRecordCheck
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Opens a reader at the store's offset. It has read the last record again: so the log's client knows the epoch of that
    /// record's leader, and notices by itself if the log is truncated while no message comes.
    /// </summary>
    /// <exception cref="LogDivergedException">The log holds another record.</exception>
    /// <exception cref="OffsetOutOfRangeException">The log ends before the store's offset.</exception>
    /// <exception cref="LogReplacedException"/>
    public static async Task<ILogReader> OpenReaderAsync(
        IClickLog log, PartitionStart start, CancellationToken cancellationToken)
    {
        if (start.Stored.LastRecord is { } last && last.Offset >= start.Available.Start)
        {
            var reader = log.OpenReader(start.Identity, start.Partition, last.Offset);
            try
            {
                await ReadAgainAsync(reader, last, start.Next, cancellationToken);
                if (reader.Position == start.Next)
                {
                    var opened = reader;
                    reader = null;
                    return opened;
                }
            }
            finally
            {
                if (reader is not null)
                {
                    await reader.DisposeAsync();
                }
            }
        }

        return log.OpenReader(start.Identity, start.Partition, start.Next);
    }

    private static async Task ReadAgainAsync(ILogReader reader, RecordMark last, long next, CancellationToken cancellationToken)
    {
        var visitor = new FirstMark();
        try
        {
            while (reader.Position <= last.Offset)
            {
                await reader.ReadAsync(visitor, Wait, cancellationToken);
            }
        }
        catch (OffsetOutOfRangeException outOfRange) when (outOfRange.Lost.IsEmpty)
        {
            throw new OffsetOutOfRangeException(outOfRange.Partition, next, outOfRange.Available);
        }
        catch (OffsetOutOfRangeException)
        {
            // Retention has just taken the record: no verdict.
            return;
        }

        if (visitor.Mark is { } found && found.Offset == last.Offset && !found.IsSameAs(last))
        {
            throw new LogDivergedException(last);
        }
    }

    private sealed class FirstMark : IMessageVisitor
    {
        public RecordMark? Mark { get; private set; }

        public bool Visit(in ReceivedMessage message)
        {
            Mark ??= RecordMark.Of(message);
            return false;
        }
    }
}
