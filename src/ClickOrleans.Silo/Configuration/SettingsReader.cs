using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Configuration;

/// <summary>
/// Reads settings classes from configuration and gathers every fault, with key, value and what is allowed, instead of
/// stopping at the first. Keys that no class knows are faults too.
/// </summary>
public sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _openSections = [];

    /// <summary>Reads one class from its section.</summary>
    /// <param name="validator">The rules of a class that has more than its attributes say.</param>
    public T Read<T>(string section, IValidateOptions<T>? validator = null)
        where T : class, new()
    {
        var settings = new T();
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite || IsDictionary(property)))
        {
            ReadProperty(settings, property, $"{section}:{property.Name}");
        }

        AddFaults(settings, section);
        _faults.AddRange(validator?.Validate(null, settings).Failures ?? []);
        return settings;
    }

    /// <exception cref="StartupException">There was a fault; the message names them all.</exception>
    public void ThrowIfFaulty(string section)
    {
        foreach (var key in Leaves(configuration.GetSection(section)).Where(key => !IsKnown(key)))
        {
            _faults.Add($"{key} is no setting{Suggestion(key)}");
        }

        if (_faults.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, _faults));
        }
    }

    private static bool IsDictionary(PropertyInfo property) => typeof(IDictionary).IsAssignableFrom(property.PropertyType);

    private static IEnumerable<string> Leaves(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0
            ? section.Value is null ? [] : [section.Path]
            : children.SelectMany(Leaves);
    }

    /// <summary>A value that cannot be read is a fault; the property keeps its default, which is none.</summary>
    private void ReadProperty(object settings, PropertyInfo property, string key)
    {
        if (IsDictionary(property))
        {
            _openSections.Add(key + ":");
            foreach (var entry in configuration.GetSection(key).GetChildren())
            {
                ((IDictionary)property.GetValue(settings)!)[entry.Key] = entry.Value;
            }

            return;
        }

        _known.Add(key);
        if (configuration[key] is not { } text)
        {
            return;
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        try
        {
            property.SetValue(settings, text.Length == 0 && type != typeof(string) ? null : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException or TargetInvocationException)
        {
            _faults.Add($"{key} is '{text}'; allowed is {Describe(type)}{Range(property)}");
        }
    }

    private void AddFaults(object settings, string section)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var name = result.MemberNames.FirstOrDefault() ?? "";
            var property = settings.GetType().GetProperty(name);
            var value = property?.GetValue(settings);
            var allowed = property is null || Range(property) is not { Length: > 0 } range ? result.ErrorMessage : $"allowed is{range}";
            _faults.Add($"{section}:{name} is '{value}'; {allowed}");
        }
    }

    private static string Range(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $" {range.Minimum} to {range.Maximum}" : "";

    private static string Describe(Type type) =>
        type == typeof(int) || type == typeof(long) ? "a whole number" :
        type == typeof(double) ? "a number" :
        type == typeof(TimeSpan) ? "a time (hh:mm:ss)" :
        type == typeof(bool) ? "true or false" :
        type.IsEnum ? string.Join(", ", Enum.GetNames(type)) :
        type.Name;

    private bool IsKnown(string key) =>
        _known.Contains(key) || _openSections.Exists(section => key.StartsWith(section, StringComparison.OrdinalIgnoreCase));

    private string Suggestion(string key)
    {
        var nearest = _known.MinBy(known => Distance(known.ToUpperInvariant(), key.ToUpperInvariant()));
        return nearest is not null && Distance(nearest.ToUpperInvariant(), key.ToUpperInvariant()) <= 4 ? $"; did you mean {nearest}?" : "";
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
