using System.Globalization;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Series;

/// <summary>A series as it is asked for in text; an empty text is as one that is left out.</summary>
/// <param name="From">ISO 8601: a date, or a date and a time; without offset it is in the time zone.</param>
/// <param name="To">Exclusive. The answer has every bucket that the range touches.</param>
/// <param name="Step"><c>hour</c>, also where it is left out, or <c>day</c>.</param>
/// <param name="TimeZone">IANA name; UTC where it is left out.</param>
public sealed record SeriesQuery(
    string? From, string? To, string? Step = null, string? Url = null, string? Country = null, string? TimeZone = null)
{
    private const string Times = "ISO 8601 times such as 2026-01-31, 2026-01-31T14:00:00Z or 2026-01-31T14:00:00%2B01:00";

    private static readonly string[] LocalForms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    private static readonly string[] ZonedForms =
        ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private static readonly DateTime First = DateTime.UnixEpoch;
    private static readonly DateTime Last = new(9999, 12, 30, 0, 0, 0, DateTimeKind.Utc);

    /// <returns>Null where there are errors; all of them are told.</returns>
    public SeriesRequest? Read(ICollection<ValidationError> errors)
    {
        var zone = ReadZone(errors);
        var step = ReadStep(errors);
        var from = ReadTime("from", From, zone, errors);
        var to = ReadTime("to", To, zone, errors);
        if (from is null || to is null || step is null || zone is null || !IsRange(from.Value, to.Value, step.Value, errors))
        {
            return null;
        }

        if (zone.OddOffset(from.Value, to.Value) is { } offset)
        {
            errors.Add(new ValidationError("timezone", string.Create(
                CultureInfo.InvariantCulture,
                $"is '{zone.Name}', which is {(offset < TimeSpan.Zero ? "-" : "+")}{offset:hh\\:mm} from UTC: clicks are kept " +
                $"by whole hours of UTC; allowed are time zones at whole hours from it")));
            return null;
        }

        return new SeriesRequest(
            new SeriesScope(Given(Url), Given(Country)), step.Value, zone.Boundaries(from.Value, to.Value, step.Value));
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsRange(DateTime from, DateTime to, SeriesStep step, ICollection<ValidationError> errors)
    {
        if (to <= from)
        {
            errors.Add(ValidationError.NotAllowed("to", Text(to), $"times after 'from', {Text(from)}"));
            return false;
        }

        var bucket = step == SeriesStep.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        if ((to - from) / bucket > SeriesRequest.MostBuckets)
        {
            errors.Add(ValidationError.NotAllowed(
                "to",
                Text(to),
                $"times up to {SeriesRequest.MostBuckets} {(step == SeriesStep.Hour ? "hours" : "days")} after 'from'"));
            return false;
        }

        return true;
    }

    private static string Text(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTime? ReadTime(string field, string? text, SeriesZone? zone, ICollection<ValidationError> errors)
    {
        if (Given(text) is null)
        {
            errors.Add(new ValidationError(field, $"is missing; allowed are {Times}"));
            return null;
        }

        var utc = Parse(text!, zone ?? SeriesZone.Utc);
        if (utc is null)
        {
            errors.Add(ValidationError.NotAllowed(field, text, Times));
        }
        else if (utc < First || utc > Last)
        {
            errors.Add(ValidationError.NotAllowed(field, text, $"times from {Text(First)} to {Text(Last)}"));
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

    private SeriesStep? ReadStep(ICollection<ValidationError> errors)
    {
        switch (Given(Step))
        {
            case null or "hour":
                return SeriesStep.Hour;
            case "day":
                return SeriesStep.Day;
            default:
                errors.Add(ValidationError.NotAllowed("step", Step, "hour and day"));
                return null;
        }
    }

    private SeriesZone? ReadZone(ICollection<ValidationError> errors)
    {
        if (Given(TimeZone) is not { } name)
        {
            return SeriesZone.Utc;
        }

        var zone = SeriesZone.Find(name, out var fault);
        if (zone is null)
        {
            errors.Add(new ValidationError("timezone", $"'{name}' {fault}"));
        }

        return zone;
    }
}
