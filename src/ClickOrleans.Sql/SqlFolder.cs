using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ClickOrleans.Sql;

/// <summary>A folder of SQL files that are embedded in an assembly under their paths in the repository.</summary>
/// <param name="path">For example <c>sql/postgres</c>.</param>
public sealed class SqlFolder(Assembly assembly, string path)
{
    private const string Extension = ".sql";

    /// <summary>The statement whose file is named after a member: <c>FoldClicks</c> is <c>fold_clicks.sql</c>.</summary>
    /// <exception cref="FileNotFoundException">The folder has no such file.</exception>
    public SqlStatement Statement([CallerMemberName] string member = "") =>
        Read($"{path}/{JsonNamingPolicy.SnakeCaseLower.ConvertName(member)}{Extension}");

    /// <summary>Every file of this folder, subfolders excluded, ordered by name.</summary>
    public IReadOnlyList<SqlStatement> ReadAll() =>
        [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Extension, StringComparison.Ordinal) && FolderOf(name) == path)
            .Order(StringComparer.Ordinal)
            .Select(Read)];

    private static string FolderOf(string file) => file[..Math.Max(0, file.LastIndexOf('/'))];

    private SqlStatement Read(string file)
    {
        using var stream = assembly.GetManifestResourceStream(file)
            ?? throw new FileNotFoundException($"{assembly.GetName().Name} embeds no file {file}.", file);
        using var reader = new StreamReader(stream);
        return new SqlStatement(file, reader.ReadToEnd().TrimEnd());
    }
}
