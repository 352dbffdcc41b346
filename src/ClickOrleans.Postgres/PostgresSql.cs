using ClickOrleans.Sql;

namespace ClickOrleans.Postgres;

/// <summary>The statements of the store in PostgreSQL.</summary>
internal static class PostgresSql
{
    private static readonly SqlFolder Folder = new(typeof(PostgresSql).Assembly, "sql/postgres");

    /// <summary>The numbered scripts that create the tables, in order.</summary>
    public static IReadOnlyList<SqlStatement> Schema { get; } =
        new SqlFolder(typeof(PostgresSql).Assembly, "sql/postgres/schema").ReadAll();

    public static SqlStatement AuditSeries { get; } = Folder.Statement();
    public static SqlStatement AuditSiteVisitors { get; } = Folder.Statement();
    public static SqlStatement ConfigureFold { get; } = Folder.Statement();
    public static SqlStatement ConfigureSnapshot { get; } = Folder.Statement();
    public static SqlStatement CountSiteVisitors { get; } = Folder.Statement();
    public static SqlStatement CreateClickDays { get; } = Folder.Statement();
    public static SqlStatement FoldClicks { get; } = Folder.Statement();
    public static SqlStatement HashClicks { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickVisitors { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickstreamData { get; } = Folder.Statement();
    public static SqlStatement LiftLimits { get; } = Folder.Statement();
    public static SqlStatement LockAggregation { get; } = Folder.Statement();
    public static SqlStatement LockSchema { get; } = Folder.Statement();
    public static SqlStatement MarkIndexed { get; } = Folder.Statement();
    public static SqlStatement MarkRejected { get; } = Folder.Statement();
    public static SqlStatement RefuseEarlierVersions { get; } = Folder.Statement();
    public static SqlStatement RenameJournal { get; } = Folder.Statement();
    public static SqlStatement SelectEventIdsAt { get; } = Folder.Statement();
    public static SqlStatement SelectSchemaLockHolder { get; } = Folder.Statement();
    public static SqlStatement SelectSeriesHours { get; } = Folder.Statement();
    public static SqlStatement SelectUnhashedClicksToFold { get; } = Folder.Statement();
}
