namespace ClickOrleans.Sql;

/// <summary>A click that a version without hashes stored.</summary>
public sealed class UnhashedClick
{
    public short LogId { get; init; }
    public int Partition { get; init; }
    public long Offset { get; init; }
    public string UserId { get; init; } = "";
}

/// <summary>A visitor of a page that a version without hashes stored.</summary>
public sealed class UnhashedVisitor
{
    public long PageId { get; init; }
    public string UserId { get; init; } = "";
}
