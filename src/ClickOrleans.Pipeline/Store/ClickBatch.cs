using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Store;

/// <summary>
/// What one transaction stores of one partition: the clicks and dead letters of the offsets
/// [<see cref="ExpectedOffset"/>, <see cref="NextOffset"/>), and that offset itself.
/// </summary>
public sealed class ClickBatch
{
    public required short LogId { get; set; }
    public required int Partition { get; set; }

    /// <summary>The stored offset must be this one, else another consumer owns the partition (compare-and-set).</summary>
    public required long ExpectedOffset { get; set; }

    /// <summary>Likewise the revision: else somebody inserted clicks beside the consumer; null: it is not compared.</summary>
    public long? ExpectedRevision { get; set; }

    /// <summary>The stored offset afterwards.</summary>
    public long NextOffset { get; set; }

    /// <summary>The last record that was read for it, kept beside the offset; where it is null, the one before is kept.</summary>
    public RecordMark? LastRecord { get; set; }

    /// <summary>
    /// The span in which it is stored, as a W3C traceparent; null where none is recorded. Kept beside the offset until it is
    /// folded, so that the trace goes on with whoever folds.
    /// </summary>
    public string? Traceparent { get; set; }

    public ClickColumns Clicks { get; } = new();
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Messages that are no clicks because they repeat the event id of one.</summary>
    public List<DuplicateClick> Duplicates { get; } = [];

    public OffsetRange Offsets => new(ExpectedOffset, NextOffset);

    /// <summary>No click, no dead letter and no duplicate; the offset may still move (past control records).</summary>
    public bool IsEmpty => Clicks.Count == 0 && DeadLetters.Count == 0 && Duplicates.Count == 0;

    /// <summary>The part of this batch that lies in <paramref name="offsets"/>, as a batch of its own.</summary>
    public ClickBatch Slice(OffsetRange offsets)
    {
        var slice = new ClickBatch
        {
            LogId = LogId,
            Partition = Partition,
            ExpectedOffset = offsets.Start,
            ExpectedRevision = ExpectedRevision,
            NextOffset = offsets.End,
            Traceparent = Traceparent,
            LastRecord = LastRecord is { } last && last.Offset >= offsets.Start && last.Offset < offsets.End ? last : null,
        };
        for (var row = 0; row < Clicks.Count; row++)
        {
            if (Clicks.Offsets[row] >= offsets.Start && Clicks.Offsets[row] < offsets.End)
            {
                slice.Clicks.Add(Clicks.Offsets[row], Clicks[row], Clicks.Visitors[row]);
            }
        }

        slice.Duplicates.AddRange(
            Duplicates.Where(duplicate => duplicate.Offset >= offsets.Start && duplicate.Offset < offsets.End));
        slice.DeadLetters.AddRange(DeadLetters.Where(letter => letter.Offset >= offsets.Start && letter.Offset < offsets.End));
        return slice;
    }
}
