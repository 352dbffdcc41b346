namespace ClickOrleans.Pipeline.Log;

/// <summary>The topic was deleted, or deleted and made again: it is not the log that the reader was opened for.</summary>
public sealed class LogReplacedException(LogIdentity expected, Guid? found)
    : Exception($"Topic {expected.Topic} is no longer log {expected.TopicId}; it is {found?.ToString() ?? "gone"}.")
{
    public LogIdentity Expected { get; } = expected;

    /// <summary>The id of the topic that has the name now; null while there is none.</summary>
    public Guid? Found { get; } = found;
}

/// <summary>There is no log of this name (any more).</summary>
public sealed class LogMissingException(string topic) : Exception($"There is no topic {topic}.");

/// <summary>A reader's position is not within the log.</summary>
public sealed class OffsetOutOfRangeException(int partition, long position, OffsetRange available)
    : Exception($"Partition {partition}: offset {position} is not in the log, which holds {available}.")
{
    public int Partition { get; } = partition;
    public long Position { get; } = position;
    public OffsetRange Available { get; } = available;

    /// <summary>The offsets that were removed before they were read; empty where the position lies beyond the end.</summary>
    public OffsetRange Lost => new(Position, Math.Max(Position, Available.Start));
}

/// <summary>Messages were not acknowledged by the log.</summary>
public sealed class LogAppendException(int failed, int total, string reason, Exception? inner = null)
    : Exception($"{failed} of {total} messages were not acknowledged: {reason}", inner)
{
    public int Failed { get; } = failed;
    public int Total { get; } = total;

    /// <summary>The place of the first of them among the messages of its append, from 0; null where the log cannot say.</summary>
    public int? First { get; init; }
}
