using System.Collections.Concurrent;

namespace ClickOrleans.Sql;

/// <summary>Statements by name: the files of <c>sql/</c>, embedded.</summary>
/// <param name="dialect"><c>postgres</c> or <c>sqlite</c>; its folder is looked in before the one that both share.</param>
public sealed class SqlStatements(string dialect)
{
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">There is no statement of this name.</exception>
    public string this[string name] => _texts.GetOrAdd(name, Load);

    private string Load(string name)
    {
        var assembly = typeof(SqlStatements).Assembly;
        using var stream = assembly.GetManifestResourceStream($"sql/{dialect}/{name}.sql")
            ?? assembly.GetManifestResourceStream($"sql/{name}.sql")
            ?? throw new ArgumentException($"There is no statement {name} for {dialect}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
