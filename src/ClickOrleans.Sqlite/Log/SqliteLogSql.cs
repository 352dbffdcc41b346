using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Log;

/// <summary>The statements of the log in a SQLite file.</summary>
internal static class SqliteLogSql
{
    private static readonly SqlFolder Folder = new(typeof(SqliteLogSql).Assembly, "sql/sqlite/log");

    public static SqlStatement CreateTableLogIdentity { get; } = Folder.Statement();
    public static SqlStatement CreateTableLogPartitions { get; } = Folder.Statement();
    public static SqlStatement CreateTableMessageTraces { get; } = Folder.Statement();
    public static SqlStatement CreateTableMessages { get; } = Folder.Statement();
    public static SqlStatement InsertIntoLogIdentity { get; } = Folder.Statement();
    public static SqlStatement InsertIntoLogPartitions { get; } = Folder.Statement();
    public static SqlStatement InsertIntoMessageTraces { get; } = Folder.Statement();
    public static SqlStatement InsertIntoMessages { get; } = Folder.Statement();
    public static SqlStatement SelectLogIdentity { get; } = Folder.Statement();
    public static SqlStatement SelectLogPartitions { get; } = Folder.Statement();
    public static SqlStatement SelectMessageTraces { get; } = Folder.Statement();
    public static SqlStatement SelectMessages { get; } = Folder.Statement();
    public static SqlStatement SelectPartitionOffsets { get; } = Folder.Statement();
    public static SqlStatement TruncateLogPartitions { get; } = Folder.Statement();
    public static SqlStatement TruncateMessageTraces { get; } = Folder.Statement();
    public static SqlStatement TruncateMessages { get; } = Folder.Statement();
    public static SqlStatement UpdateNextOffset { get; } = Folder.Statement();
}
