using System.Collections.Frozen;

namespace ClickOrleans.Sql;

/// <summary>
/// The statements of one database by name: <c>sql/&lt;dialect&gt;/&lt;name&gt;.sql</c>, or <c>sql/&lt;name&gt;.sql</c> where the
/// databases share it.
/// </summary>
public sealed class SqlStatements
{
    private const string Root = "sql/";

    private readonly FrozenDictionary<string, string> _texts;

    /// <param name="dialect">A folder of <c>sql/</c>: <c>postgres</c> or <c>sqlite</c>.</param>
    public SqlStatements(string dialect)
    {
        var resources = Resources();
        var own = $"{Root}{dialect}/";
        var schema = $"{own}schema/";
        _texts = resources.Where(path => path.IndexOf('/', Root.Length) < 0)
            .Concat(resources.Where(path => path.StartsWith(own, StringComparison.Ordinal) && path.IndexOf('/', own.Length) < 0))
            .GroupBy(Path.GetFileNameWithoutExtension)
            .ToFrozenDictionary(paths => paths.Key!, paths => Read(paths.Last()));
        SchemaScripts = [.. resources
            .Where(path => path.StartsWith(schema, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), Read(path)))];
        if (SchemaScripts.Count == 0)
        {
            throw new ArgumentException($"There is no schema for '{dialect}'.", nameof(dialect));
        }
    }

    /// <summary>The numbered scripts that make the tables, in order.</summary>
    public IReadOnlyList<(string Name, string Text)> SchemaScripts { get; }

    public IEnumerable<string> Names => _texts.Keys;

    /// <exception cref="ArgumentException">No file has this name.</exception>
    public string this[string name] =>
        _texts.TryGetValue(name, out var text) ? text : throw new ArgumentException($"There is no statement '{name}'.", nameof(name));

    // Built on Windows, a resource's folder is separated by a backslash.
    private static List<string> Resources() =>
        [.. typeof(SqlStatements).Assembly.GetManifestResourceNames().Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal))];

    private static string Read(string path)
    {
        var assembly = typeof(SqlStatements).Assembly;
        using var stream = assembly.GetManifestResourceStream(path) ?? assembly.GetManifestResourceStream(path.Replace('/', '\\'))
            ?? assembly.GetManifestResourceStream(Root + path[Root.Length..].Replace('/', '\\'))!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
