using System.Reflection;

namespace ClickOrleans.Sql.Tests;

/// <summary>The files under <c>sql/</c> in the checkout, and the statements that the assemblies list.</summary>
internal static class StatementFiles
{
    private static readonly Assembly[] Assemblies =
        [typeof(SharedSql).Assembly, Assembly.Load("ClickOrleans.Postgres"), Assembly.Load("ClickOrleans.Sqlite")];

    private static readonly string Root = FindRoot();

    /// <summary>Folders that are read as a whole: their files need no member.</summary>
    public static IReadOnlyList<string> WholeFolders { get; } =
        ["sql/orleans/queries", "sql/postgres/schema", "sql/sqlite/schema"];

    /// <summary>Every static property of type <see cref="SqlStatement"/>, with the class that lists it.</summary>
    public static IReadOnlyList<PropertyInfo> Members { get; } =
        [.. Assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(property => property.PropertyType == typeof(SqlStatement))];

    /// <summary>Paths from the root of the checkout.</summary>
    public static IReadOnlyList<string> In(string folder, SearchOption depth) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.sql", depth)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ClickOrleans.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not in a checkout.");
    }
}
