using ClickOrleans.Sql;

namespace ClickOrleans.Postgres;

/// <summary>The tables that Orleans keeps a cluster in, and the statements with which it uses them.</summary>
internal static class OrleansSql
{
    private static readonly SqlFolder Folder = new(typeof(OrleansSql).Assembly, "sql/orleans");

    /// <summary>What Orleans reads from <c>orleansquery</c>: a file's name is the query's key.</summary>
    public static IReadOnlyList<SqlStatement> Queries { get; } =
        new SqlFolder(typeof(OrleansSql).Assembly, "sql/orleans/queries").ReadAll();

    public static SqlStatement Tables { get; } = Folder.Statement();
    public static SqlStatement UpsertOrleansquery { get; } = Folder.Statement();
}
