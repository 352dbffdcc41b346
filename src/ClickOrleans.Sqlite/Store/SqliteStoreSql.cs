using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The statements of the store in a SQLite file.</summary>
internal static class SqliteStoreSql
{
    private static readonly SqlFolder Folder = new(typeof(SqliteStoreSql).Assembly, "sql/sqlite/store");

    /// <summary>The numbered scripts that create the tables, in order.</summary>
    public static IReadOnlyList<SqlStatement> Schema { get; } =
        new SqlFolder(typeof(SqliteStoreSql).Assembly, "sql/sqlite/schema").ReadAll();

    public static SqlStatement AdvanceAggregationOffset { get; } = Folder.Statement();
    public static SqlStatement AuditSeries { get; } = Folder.Statement();
    public static SqlStatement AuditSiteVisitors { get; } = Folder.Statement();
    public static SqlStatement CountSiteVisitors { get; } = Folder.Statement();
    public static SqlStatement DeleteRetriedClick { get; } = Folder.Statement();
    public static SqlStatement HashClick { get; } = Folder.Statement();
    public static SqlStatement IncrementRollupCount { get; } = Folder.Statement();
    public static SqlStatement InsertIntoAggregationOffsets { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickRollups { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickVisitors { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickstreamData { get; } = Folder.Statement();
    public static SqlStatement InsertIntoDeadLetters { get; } = Folder.Statement();
    public static SqlStatement MarkIndexed { get; } = Folder.Statement();
    public static SqlStatement MarkRejected { get; } = Folder.Statement();
    public static SqlStatement SelectClicksToFold { get; } = Folder.Statement();
    public static SqlStatement SelectEventIdsAt { get; } = Folder.Statement();
    public static SqlStatement SelectFoldRange { get; } = Folder.Statement();
    public static SqlStatement SelectFoldRanges { get; } = Folder.Statement();
    public static SqlStatement SelectIndexIdentity { get; } = Folder.Statement();
    public static SqlStatement SelectPageId { get; } = Folder.Statement();
    public static SqlStatement SelectRetriedClicksInRange { get; } = Folder.Statement();
    public static SqlStatement SelectRetriedClicksToFold { get; } = Folder.Statement();
    public static SqlStatement SelectSeriesHours { get; } = Folder.Statement();
    public static SqlStatement SelectSiteVisitor { get; } = Folder.Statement();
    public static SqlStatement UpdateClickRollup { get; } = Folder.Statement();
    public static SqlStatement UpsertClickDigest { get; } = Folder.Statement();
    public static SqlStatement UpsertClickSeries { get; } = Folder.Statement();
    public static SqlStatement UpsertSiteDay { get; } = Folder.Statement();
    public static SqlStatement UpsertSiteVisitor { get; } = Folder.Statement();
}
