namespace ClickOrleans.Pipeline.Log;

/// <summary>Reads one partition in offset order. Used by one caller at a time; never blocks a thread while it waits.</summary>
public interface ILogReader : IAsyncDisposable
{
    /// <summary>
    /// The offset of the next message to be read. It also moves past offsets that hold no message (control records).
    /// </summary>
    long Position { get; }

    /// <summary>
    /// Hands messages to <paramref name="visitor"/> until it declines, until none is at hand any more, or, where none came
    /// at all, until <paramref name="wait"/> has passed. When it has completed, every message visited is known to be of the log
    /// that the reader was opened for, although the topic may be deleted and made again at any time.
    /// </summary>
    /// <exception cref="LogReplacedException">The topic is another log now, or gone: drop what was visited.</exception>
    /// <exception cref="OffsetOutOfRangeException">The log starts behind the position, or ends before it.</exception>
    /// <exception cref="OperationCanceledException"/>
    /// <remarks>
    /// Any other exception is an outage: open a reader anew after a pause. The visits of a read come one after the other, in the
    /// caller's scheduling context; a read that has messages at hand completes synchronously and allocates nothing.
    /// </remarks>
    ValueTask ReadAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Says that everything below <paramref name="nextOffset"/> is stored, for those who look at the log's own bookkeeping (lag
    /// dashboards). It returns at once, is sent some time later, and its failure has no consequence.
    /// </summary>
    void Acknowledge(long nextOffset);
}
