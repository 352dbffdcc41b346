using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>A rollup and the same numbers recounted from its clicks and visitors; either side may be missing.</summary>
internal sealed class RecountRow
{
    public string Url { get; init; } = "";
    public string Country { get; init; } = "";
    public long? PageId { get; init; }
    public long? Clicks { get; init; }
    public long? RecountedClicks { get; init; }
    public long? UniqueUsers { get; init; }
    public long? RecountedUsers { get; init; }
    public DateTime? FirstClick { get; init; }
    public DateTime? RecountedFirst { get; init; }
    public DateTime? LastClick { get; init; }
    public DateTime? RecountedLast { get; init; }
    public long Visitors { get; init; }
    public long KnownVisitors { get; init; }

    public IEnumerable<RollupDifference> Differences()
    {
        if (PageId is null)
        {
            return [Difference("rollup", "missing", $"{RecountedClicks} clicks")];
        }

        if (RecountedClicks is null)
        {
            return [Difference("rollup", $"{Clicks} clicks", "missing")];
        }

        return FieldDifferences();
    }

    private IEnumerable<RollupDifference> FieldDifferences()
    {
        if (Clicks != RecountedClicks)
        {
            yield return Difference("clicks", $"{Clicks}", $"{RecountedClicks}");
        }

        if (UniqueUsers != RecountedUsers)
        {
            yield return Difference("unique_users", $"{UniqueUsers}", $"{RecountedUsers}");
        }

        if (FirstClick != RecountedFirst)
        {
            yield return Difference("first_click", Text(FirstClick), Text(RecountedFirst));
        }

        if (LastClick != RecountedLast)
        {
            yield return Difference("last_click", Text(LastClick), Text(RecountedLast));
        }

        if (Visitors != RecountedUsers || KnownVisitors != RecountedUsers)
        {
            yield return Difference("visitors", $"{Visitors}, {KnownVisitors} of them with clicks", $"{RecountedUsers}");
        }
    }

    private RollupDifference Difference(string field, string inRollup, string recounted) =>
        new(Url, Country, field, inRollup, recounted);

    private static string Text(DateTime? time) => time is { } utc ? StoredTime.ToText(utc) : "";
}
