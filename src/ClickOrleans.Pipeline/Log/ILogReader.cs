namespace ClickOrleans.Pipeline.Log;

/// <summary>Reads one partition in offset order. Used by one thread at a time; may block it.</summary>
public interface ILogReader : IDisposable
{
    /// <summary>The offset of the next message to be read. It also moves past offsets that hold no message (control records).</summary>
    long Position { get; }

    /// <summary>
    /// Hands messages to <paramref name="visitor"/> until it declines, until none is at hand any more, or, where none came
    /// at all, until <paramref name="wait"/> has passed. When it returns, every message visited is known to be of the log
    /// that the reader was opened for, although the topic may be deleted and made again at any time.
    /// </summary>
    /// <exception cref="LogReplacedException">The topic is another log now, or gone. What was visited must be dropped.</exception>
    /// <exception cref="OffsetOutOfRangeException">The log starts behind the position, or ends before it.</exception>
    /// <exception cref="OperationCanceledException"/>
    /// <remarks>Any other exception is an outage: open a reader anew after a pause.</remarks>
    void Read(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Says that everything below <paramref name="nextOffset"/> is stored, for those who look at the log's own bookkeeping (lag
    /// dashboards). A courtesy: it returns at once, is sent some time later, and its failure is nobody's concern.
    /// </summary>
    void Acknowledge(long nextOffset);
}
