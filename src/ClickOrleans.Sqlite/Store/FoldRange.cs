namespace ClickOrleans.Sqlite.Store;

/// <summary>The offsets of one partition that are folded.</summary>
internal sealed class FoldRange
{
    public short LogId { get; init; }
    public int Partition { get; init; }

    /// <summary>The aggregation offset as it was read; the fold advances it from here by compare-and-set.</summary>
    public long Start { get; init; }

    public long End { get; set; }

    /// <summary>Everything below is in the series: the fold advances it by compare-and-set, too.</summary>
    public long SeriesStart { get; init; }

    public long SeriesEnd { get; set; }

    /// <summary>Clicks were folded without the series: until these have caught up, a fold adds nothing else to them.</summary>
    public bool IsBehind => SeriesStart < Start;

    /// <summary>Clicks of this partition that are folded, retried ones included.</summary>
    public long Clicks { get; set; }
}

/// <summary>A click stored by the retry of a dead letter.</summary>
internal sealed class RetriedClick
{
    public short LogId { get; init; }
    public int Partition { get; init; }
    public long Offset { get; init; }
    public string Url { get; init; } = "";
    public string Country { get; init; } = "";
    public string UserId { get; init; } = "";

    /// <summary>Null: an earlier version stored it.</summary>
    public long? Visitor { get; init; }

    public string Timestamp { get; init; } = "";
}
