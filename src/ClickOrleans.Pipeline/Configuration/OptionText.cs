using System.ComponentModel;
using System.Reflection;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>How the text of a configuration key becomes a value, and what such a text may be.</summary>
public static class OptionText
{
    /// <summary>
    /// False where the text is none of the type's; <paramref name="value"/> is null where a nullable one is left empty.
    /// </summary>
    public static bool TryParse(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            // A file or a secret often ends in a line break, which nobody sees.
            value = text.Trim();
            return true;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return string.IsNullOrWhiteSpace(text) || TryParse(underlying, text, out value);
        }

        if (type == typeof(TimeSpan))
        {
            var isDuration = Duration.TryParse(text, out var duration);
            value = duration;
            return isDuration;
        }

        try
        {
            value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return value is not null;
        }
        catch (Exception exception)
            when (exception is FormatException or ArgumentException or NotSupportedException or TargetInvocationException)
        {
            return false;
        }
    }

    /// <summary>In the plural, as <see cref="Control.ValidationError"/> wants it.</summary>
    public static string Allowed(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(TimeSpan) ? Duration.Allowed
            : plain == typeof(bool) ? "true and false"
            : plain == typeof(double) ? "numbers"
            : plain.IsEnum ? string.Join(", ", Enum.GetNames(plain))
            : "whole numbers";
    }
}
