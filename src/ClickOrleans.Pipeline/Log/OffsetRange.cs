namespace ClickOrleans.Pipeline.Log;

/// <summary>The offsets from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct OffsetRange(long Start, long End)
{
    public long Count => End - Start;

    public bool IsEmpty => End <= Start;

    public bool Contains(long offset) => offset >= Start && offset < End;

    /// <summary>What is left of it without <paramref name="others"/>, which are in order.</summary>
    public IEnumerable<OffsetRange> Except(IEnumerable<OffsetRange> others)
    {
        var start = Start;
        foreach (var other in others.Where(other => !other.IsEmpty))
        {
            if (other.Start > start && start < End)
            {
                yield return new OffsetRange(start, Math.Min(other.Start, End));
            }

            start = Math.Max(start, other.End);
        }

        if (start < End)
        {
            yield return new OffsetRange(start, End);
        }
    }

    public override string ToString() => IsEmpty ? $"none at {Start}" : Count == 1 ? $"{Start}" : $"{Start}..{End - 1}";
}
