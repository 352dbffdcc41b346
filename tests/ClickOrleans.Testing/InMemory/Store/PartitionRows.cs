using System.Collections.Immutable;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>The rows of one partition of one log.</summary>
internal sealed record PartitionRows
{
    public static readonly PartitionRows Empty = new();

    /// <summary>Null before the partition was started.</summary>
    public ConsumerOffset? Consumed { get; init; }

    /// <summary>Null before anything was folded.</summary>
    public AggregationOffset? Aggregated { get; init; }

    /// <summary>In order of offset.</summary>
    public ImmutableList<StoredClick> Clicks { get; init; } = [];

    /// <summary>By offset; those discarded are kept, emptied.</summary>
    public ImmutableSortedDictionary<long, StoredLetter> Letters { get; init; } =
        ImmutableSortedDictionary<long, StoredLetter>.Empty;

    /// <summary>Messages that repeat an event id: the offset of the click, by their own.</summary>
    public ImmutableSortedDictionary<long, long> Duplicates { get; init; } = ImmutableSortedDictionary<long, long>.Empty;

    public ImmutableList<OffsetRange> Lost { get; init; } = [];

    public ImmutableList<StoredDigest> Digests { get; init; } = [];

    public ImmutableList<DivergedRange> Diverged { get; init; } = [];

    /// <summary>Offsets of clicks that stand in the place of a dead letter.</summary>
    public ImmutableSortedSet<long> Retried { get; init; } = [];

    /// <summary>Those of <see cref="Retried"/> that are not folded yet, wherever the aggregation stands.</summary>
    public ImmutableSortedSet<long> RetriedUnfolded { get; init; } = [];

    /// <summary>Everything below is folded, but for <see cref="RetriedUnfolded"/>.</summary>
    public long FoldedOffset => Aggregated?.Next ?? Consumed?.Start ?? 0;

    public bool IsFolded(StoredClick click) =>
        Aggregated is { } aggregated && click.Offset < aggregated.Next && !RetriedUnfolded.Contains(click.Offset);

    /// <exception cref="RejectedByStoreException">One is refused.</exception>
    /// <exception cref="InvalidOperationException">There is a click at the offset of one.</exception>
    public PartitionRows AddClicks(IEnumerable<StoredClick> added, Func<Click, bool> rejects)
    {
        var clicks = Clicks.ToBuilder();
        foreach (var click in added)
        {
            var place = clicks.BinarySearch(click, StoredClick.ByOffset);
            if (place >= 0)
            {
                throw new InvalidOperationException($"There is a click at offset {click.Offset}.");
            }

            if (rejects(click.Click))
            {
                throw new RejectedByStoreException($"The click at offset {click.Offset} is refused.");
            }

            clicks.Insert(~place, click);
        }

        return this with { Clicks = clicks.ToImmutable() };
    }

    /// <exception cref="InvalidOperationException">There is a dead letter at the offset of one.</exception>
    public PartitionRows AddLetters(IEnumerable<DeadLetter> added, DateTime at)
    {
        var letters = Letters.ToBuilder();
        foreach (var letter in added)
        {
            if (letters.ContainsKey(letter.Offset))
            {
                throw new InvalidOperationException($"There is a dead letter at offset {letter.Offset}.");
            }

            letters.Add(letter.Offset, new StoredLetter(letter, at));
        }

        return this with { Letters = letters.ToImmutable() };
    }

    /// <summary>A digest goes on where the one before of that day ended.</summary>
    public PartitionRows AddDigest(ClickBatch batch, string day)
    {
        var digest = new StoredDigest(day, batch.Offsets, batch.Clicks.Count, ClickDigest.Of(batch.Clicks));
        var before = Digests.FindIndex(kept => kept.Day == day && kept.Offsets.End == batch.ExpectedOffset);
        return this with
        {
            Digests = before < 0
                ? Digests.Add(digest)
                : Digests.SetItem(before, new StoredDigest(
                    day,
                    Digests[before].Offsets with { End = batch.NextOffset },
                    Digests[before].Clicks + digest.Clicks,
                    Digests[before].Digest ^ digest.Digest)),
        };
    }

    /// <exception cref="RowsAheadException">There are rows at or above the consumed offset.</exception>
    public void ThrowIfAhead(int partition)
    {
        var last = Clicks.Select(click => click.Offset).Concat(Letters.Keys).Concat(Duplicates.Keys).DefaultIfEmpty(-1).Max();
        if (last >= Consumed?.Next)
        {
            throw new RowsAheadException(partition, Consumed.Next, last);
        }
    }

    public PartitionRows AddDuplicates(IEnumerable<DuplicateClick> added) => this with
    {
        Duplicates = Duplicates.AddRange(
            added.Select(duplicate => KeyValuePair.Create(duplicate.Offset, duplicate.OriginalOffset))),
    };

    public IEnumerable<StoredClick> ClicksIn(OffsetRange range)
    {
        for (var place = PlaceOf(range.Start); place < Clicks.Count && Clicks[place].Offset < range.End; place++)
        {
            yield return Clicks[place];
        }
    }

    public StoredClick? FindClick(long offset) =>
        ClicksIn(new OffsetRange(offset, offset + 1)).Cast<StoredClick?>().FirstOrDefault();

    /// <summary>The place of the first click at or behind an offset.</summary>
    public int PlaceOf(long offset)
    {
        var found = Clicks.BinarySearch(new StoredClick(offset, null!), StoredClick.ByOffset);
        return found < 0 ? ~found : found;
    }
}

/// <param name="Traced">The end of the batch that <paramref name="Traceparent"/> is of.</param>
internal sealed record ConsumerOffset(
    long Start, long Next, long Stored = 0, long OpenDeadLetters = 0, string? Traceparent = null, long Traced = 0,
    RecordMark? LastRecord = null, long? DivergedOffset = null, long Revision = 0, long Duplicates = 0);

internal sealed record AggregationOffset(long Next, long Folded);

internal readonly record struct StoredClick(long Offset, Click Click)
{
    public static readonly IComparer<StoredClick> ByOffset =
        Comparer<StoredClick>.Create((one, other) => one.Offset.CompareTo(other.Offset));
}

internal sealed record StoredLetter(DeadLetter Letter, DateTime At, DateTime? DiscardedAt = null);
