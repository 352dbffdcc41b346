namespace ClickOrleans.Sql;

/// <summary>The text of one SQL file.</summary>
/// <param name="path">The file's path from the root of the repository.</param>
public sealed class SqlStatement(string path, string text)
{
    public string Path => path;

    /// <summary>The file's name without its extension.</summary>
    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    public string Text => text;
}
