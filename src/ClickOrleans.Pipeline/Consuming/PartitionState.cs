namespace ClickOrleans.Pipeline.Consuming;

/// <summary>What a partition's consumer is doing.</summary>
public enum PartitionState
{
    /// <summary>Looking up where to go on.</summary>
    Starting,

    /// <summary>Reading and storing.</summary>
    Running,

    /// <summary>The log or the store is unavailable; it retries after a pause, for as long as it takes.</summary>
    BackingOff,

    /// <summary>It was fenced: another consumer owns this partition.</summary>
    StoodDown,

    /// <summary>An operator must act; the error says what on.</summary>
    Stopped,

    /// <summary>It has ended as it was told to.</summary>
    Ended,
}
