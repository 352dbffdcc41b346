using System.Globalization;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Pipeline.Series;

/// <summary>The beginning or the end of a range of event times, as text.</summary>
public static class RangeTime
{
    /// <summary>What may be written, for messages.</summary>
    public const string Allowed = "ISO 8601 times such as 2026-01-31, 2026-01-31T14:00:00Z or 2026-01-31T14:00:00%2B01:00";

    public static readonly DateTime First = DateTime.UnixEpoch;
    public static readonly DateTime Last = new(9999, 12, 30, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] LocalForms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    private static readonly string[] ZonedForms =
        ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>Reads a time; without offset it is in UTC.</summary>
    /// <returns>Null where it is refused, with the reason among the errors.</returns>
    public static DateTime? Read(string field, string text, ICollection<ValidationError> errors) =>
        Read(field, text, SeriesZone.Utc, errors);

    /// <summary>Whether the end is after the beginning; if not, the reason is among the errors.</summary>
    /// <param name="prefix">Before the names in messages.</param>
    public static bool AreInOrder(DateTime from, DateTime to, string prefix, ICollection<ValidationError> errors)
    {
        if (to > from)
        {
            return true;
        }

        errors.Add(ValidationError.NotAllowed(prefix + "to", ToText(to), $"times after '{prefix}from', {ToText(from)}"));
        return false;
    }

    public static string ToText(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <param name="zone">Of a time without offset.</param>
    internal static DateTime? Read(string field, string text, SeriesZone zone, ICollection<ValidationError> errors)
    {
        var utc = Parse(text, zone);
        if (utc is null)
        {
            errors.Add(ValidationError.NotAllowed(field, text, Allowed));
        }
        else if (utc < First || utc > Last)
        {
            errors.Add(ValidationError.NotAllowed(field, text, $"times from {ToText(First)} to {ToText(Last)}"));
            return null;
        }

        return utc;
    }

    private static DateTime? Parse(string text, SeriesZone zone)
    {
        var offset = text.EndsWith('Z') ? text[..^1] + "+00:00" : text;
        if (DateTimeOffset.TryParseExact(
            offset, ZonedForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned))
        {
            return zoned.UtcDateTime;
        }

        // A day of room at either end of the calendar for the offset.
        return DateTime.TryParseExact(text, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local > DateTime.MinValue.AddDays(1) && local < DateTime.MaxValue.AddDays(-1)
            ? zone.ToUtc(local)
            : null;
    }
}
