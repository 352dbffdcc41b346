using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Index;

/// <summary>The statements of the index in a SQLite file.</summary>
internal static class SqliteIndexSql
{
    private static readonly SqlFolder Folder = new(typeof(SqliteIndexSql).Assembly, "sql/sqlite/index");

    public static SqlStatement CreateTables { get; } = Folder.Statement();
    public static SqlStatement DeleteClickEvent { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickEvents { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickEventsWords { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickIndex { get; } = Folder.Statement();
    public static SqlStatement SelectClickEventsAfterPage { get; } = Folder.Statement();
    public static SqlStatement SelectClickEventsByClicks { get; } = Folder.Statement();
    public static SqlStatement SelectClickEventsByIds { get; } = Folder.Statement();
    public static SqlStatement SelectClickEventsByWords { get; } = Folder.Statement();
    public static SqlStatement UpdateClickEvents { get; } = Folder.Statement();
    public static SqlStatement UpsertClickIndexState { get; } = Folder.Statement();
}
