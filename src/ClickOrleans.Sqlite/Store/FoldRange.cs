namespace ClickOrleans.Sqlite.Store;

/// <summary>The offsets of one partition that a fold takes.</summary>
internal sealed class FoldRange
{
    public short LogId { get; init; }
    public int Partition { get; init; }

    /// <summary>The aggregation offset that was read; moved from here by compare-and-set.</summary>
    public long Start { get; init; }

    public long End { get; set; }

    /// <summary>Clicks folded of this partition, retried ones included.</summary>
    public long Clicks { get; set; }
}

/// <summary>A click stored in a dead letter's place.</summary>
internal sealed class RetriedClick
{
    public short LogId { get; init; }
    public int Partition { get; init; }
    public long Offset { get; init; }
    public string Url { get; init; } = "";
    public string Country { get; init; } = "";
    public string UserId { get; init; } = "";
    public string Timestamp { get; init; } = "";
}
