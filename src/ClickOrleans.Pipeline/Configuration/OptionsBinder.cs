using System.Collections;
using System.Reflection;
using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>
/// Reads the properties of an options class from a configuration section and gathers every value that cannot be read.
/// </summary>
internal static class OptionsBinder
{
    /// <summary>The names of the keys; those that end in a colon stand for any key below.</summary>
    public static IEnumerable<string> Keys(Type options, string section) =>
        Properties(options).Select(property => $"{section}:{property.Name}{(IsDictionary(property) ? ":" : "")}");

    /// <summary>Sets what is configured. A property whose text cannot be read keeps its default and is an error.</summary>
    public static IReadOnlyList<ValidationError> Bind(object options, IConfiguration section)
    {
        var errors = new List<ValidationError>();
        foreach (var property in Properties(options.GetType()))
        {
            if (IsDictionary(property))
            {
                var entries = (IDictionary)property.GetValue(options)!;
                foreach (var entry in section.GetSection(property.Name).GetChildren())
                {
                    entries[entry.Key] = entry.Value?.Trim();
                }
            }
            else if (section[property.Name] is { } text)
            {
                if (OptionText.TryParse(property.PropertyType, text, out var value))
                {
                    property.SetValue(options, value);
                }
                else
                {
                    errors.Add(ValidationError.NotAllowed(property.Name, text, Allowed(property)));
                }
            }
        }

        return errors;
    }

    private static string Allowed(PropertyInfo property) =>
        OptionsRules.Range(property) is { } range
            ? $"{OptionText.Allowed(property.PropertyType)}, {range}"
            : OptionText.Allowed(property.PropertyType);

    private static IEnumerable<PropertyInfo> Properties(Type options) =>
        options.GetProperties().Where(property => property.CanWrite || IsDictionary(property));

    private static bool IsDictionary(PropertyInfo property) => typeof(IDictionary).IsAssignableFrom(property.PropertyType);
}
