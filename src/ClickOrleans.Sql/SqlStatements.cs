using System.Collections.Concurrent;

namespace ClickOrleans.Sql;

/// <summary>The statements under <c>sql/</c> by name: a dialect's own where there is one, else the shared one.</summary>
/// <param name="dialect">The folder of the dialect: <c>postgres</c> or <c>sqlite</c>.</param>
public sealed class SqlStatements(string dialect)
{
    private readonly ConcurrentDictionary<string, string> _texts = new();

    /// <exception cref="KeyNotFoundException">There is no such statement.</exception>
    public string this[string name] => _texts.GetOrAdd(name, Read);

    private string Read(string name)
    {
        var assembly = typeof(SqlStatements).Assembly;
        using var resource = assembly.GetManifestResourceStream($"sql/{dialect}/{name}.sql")
            ?? assembly.GetManifestResourceStream($"sql/{name}.sql")
            ?? throw new KeyNotFoundException($"There is no statement '{name}' for {dialect}.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
