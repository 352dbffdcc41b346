using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>Checks an options class against its attributes and, where it has them, its own rules.</summary>
internal static class OptionsRules
{
    public static IReadOnlyList<ValidationError> Check(object options)
    {
        var errors = new List<ValidationError>();
        foreach (var property in options.GetType().GetProperties())
        {
            // A property that is derived from others may not have a value while one of those is wrong.
            var rules = property.GetCustomAttributes<ValidationAttribute>();
            if (rules.FirstOrDefault(rule => !rule.IsValid(property.GetValue(options))) is { } broken)
            {
                errors.Add(ValidationError.NotAllowed(property.Name, property.GetValue(options), Allowed(broken)));
            }
        }

        return options is IValidated validated ? [.. errors, .. validated.Validate()] : errors;
    }

    /// <summary><c>1 to 100000</c>; null where the property has no range.</summary>
    public static string? Range(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? Allowed(range) : null;

    private static string Allowed(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => $"{Bound(range.Minimum)} to {Bound(range.Maximum)}",
        RequiredAttribute => "texts that are not empty",

        // Written where the attribute is: what is allowed, in the plural.
        _ => rule.ErrorMessage ?? "other values",
    };

    /// <summary>A bound of another type than a number is a text until the attribute has been used.</summary>
    private static string Bound(object bound) =>
        bound is string text && Duration.TryParse(text, out var duration)
            ? Duration.ToText(duration)
            : ValidationError.Text(bound);
}
