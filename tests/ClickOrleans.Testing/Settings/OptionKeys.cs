using System.Collections;
using System.Reflection;

namespace ClickOrleans.Testing.Settings;

/// <summary>The configuration keys of every options class: public, with its section in the constant <c>Section</c>.</summary>
public static class OptionKeys
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "ClickOrleans.*.dll")
            .Where(file => !Path.GetFileName(file).Contains(".Tests", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(file => Assembly.LoadFrom(file).GetExportedTypes())
            .SelectMany(Keys)
            .Distinct(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Keys(Type type) =>
        type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is string section
            ? type.GetProperties()
                .Where(property => property.CanWrite || typeof(IDictionary).IsAssignableFrom(property.PropertyType))
                .Select(property => $"{section}:{property.Name}{(property.CanWrite ? "" : ":some.key")}")
            : [];
}
