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
        if (!RangeTime.AreInOrder(from, to, prefix: "", errors))
        {
            return false;
        }

        var bucket = step == SeriesStep.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        if ((to - from) / bucket > SeriesRequest.MostBuckets)
        {
            errors.Add(ValidationError.NotAllowed(
                "to",
                RangeTime.ToText(to),
                $"times up to {SeriesRequest.MostBuckets} {(step == SeriesStep.Hour ? "hours" : "days")} after 'from'"));
            return false;
        }

        return true;
    }

    private static DateTime? ReadTime(string field, string? text, SeriesZone? zone, ICollection<ValidationError> errors)
    {
        if (Given(text) is { } given)
        {
            return RangeTime.Read(field, given, zone ?? SeriesZone.Utc, errors);
        }

        errors.Add(new ValidationError(field, $"is missing; allowed are {RangeTime.Allowed}"));
        return null;
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
