using System.Globalization;
using ClickOrleans.Pipeline.Configuration;

namespace ClickOrleans.Pipeline.Control;

/// <summary>
/// A value that is not allowed, and what would be: the one text for options, command-line options, HTTP bodies and pages.
/// </summary>
/// <param name="Field">The configuration key, the option or the field.</param>
/// <param name="Problem">What follows the name in <see cref="Message"/>.</param>
public sealed record ValidationError(string Field, string Problem)
{
    private const int LargestDistance = 4;

    public string Message => $"{Field} {Problem}";

    /// <summary><c>{field} is '{value}'; allowed are {allowed}</c>.</summary>
    /// <param name="allowed">In the plural: <c>1 to 100000</c>, <c>whole numbers</c>.</param>
    public static ValidationError NotAllowed(string field, object? value, string allowed) =>
        new(field, $"is '{Text(value)}'; allowed are {allowed}");

    /// <summary>A name that nobody knows, with the one that may be meant.</summary>
    public static ValidationError Unknown(string field, IReadOnlyCollection<string> known)
    {
        var (nearest, distance) = known
            .Select(name => (name, EditDistance.Between(field, name)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);

        // Of a key only the last name counts: the sections before it are long and mostly right.
        var lastName = field[(field.LastIndexOf(':') + 1)..];
        return new(field, distance <= Math.Min(LargestDistance, lastName.Length / 2)
            ? $"is unknown; did you mean {nearest}?"
            : "is unknown");
    }

    /// <summary>The error of a field within a section.</summary>
    public ValidationError In(string section) => this with { Field = $"{section}:{Field}" };

    public override string ToString() => Message;

    internal static string Text(object? value) => value switch
    {
        TimeSpan time => Duration.ToText(time),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
