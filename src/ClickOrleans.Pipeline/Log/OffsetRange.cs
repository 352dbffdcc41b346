namespace ClickOrleans.Pipeline.Log;

/// <summary>The offsets from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct OffsetRange(long Start, long End)
{
    public long Count => End - Start;

    public bool IsEmpty => End <= Start;

    public override string ToString() => IsEmpty ? $"none at {Start}" : Count == 1 ? $"{Start}" : $"{Start}..{End - 1}";
}
