using System.Text.RegularExpressions;

namespace ClickOrleans.Pipeline.Series;

/// <summary>
/// The time zone whose days a series is in. A series is kept by whole hours of UTC, so its offset must be whole hours.
/// </summary>
internal sealed partial class SeriesZone(TimeZoneInfo zone)
{
    public static readonly SeriesZone Utc = new(TimeZoneInfo.Utc);

    /// <summary>Without time zone data only UTC is known: Debian's package <c>tzdata</c>, in images the ones ending on
    /// <c>-extra</c>.</summary>
    private static readonly Lazy<bool> HasData = new(() => TimeZoneInfo.GetSystemTimeZones().Count > 1);

    public string Name => zone.Id;

    /// <param name="fault">Why there is no such zone, after its name.</param>
    public static SeriesZone? Find(string name, out string fault)
    {
        fault = HasData.Value
            ? "is not known; allowed are names such as Europe/Amsterdam"
            : "is not known: this machine has no time zone data (package tzdata); allowed is UTC";
        return NameForm().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found)
            ? new SeriesZone(found)
            : null;
    }

    /// <summary>
    /// The beginnings of the buckets that touch the range, and the end of the last. A day may have 23 or 25 hours.
    /// </summary>
    public List<DateTime> Boundaries(DateTime from, DateTime to, SeriesStep step)
    {
        var boundaries = new List<DateTime>();
        if (step == SeriesStep.Hour)
        {
            var hour = new DateTime(from.Ticks - (from.Ticks % TimeSpan.TicksPerHour), DateTimeKind.Utc);
            for (; boundaries.Count == 0 || boundaries[^1] < to; hour = hour.AddHours(1))
            {
                boundaries.Add(hour);
            }
        }
        else
        {
            var day = TimeZoneInfo.ConvertTimeFromUtc(from, zone).Date;
            for (; boundaries.Count == 0 || boundaries[^1] < to; day = day.AddDays(1))
            {
                boundaries.Add(ToUtc(day));
            }
        }

        return boundaries;
    }

    /// <summary>The first offset from UTC in the range that is not whole hours.</summary>
    public TimeSpan? OddOffset(DateTime from, DateTime to)
    {
        for (var at = from; ; at = at.AddDays(1))
        {
            var offset = zone.GetUtcOffset(at < to ? at : to);
            if (offset.Ticks % TimeSpan.TicksPerHour != 0)
            {
                return offset;
            }

            if (at >= to)
            {
                return null;
            }
        }
    }

    /// <summary>A time that is skipped is the first one after; of a time that comes twice it is the first.</summary>
    public DateTime ToUtc(DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30 - (local.Minute % 30));
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NameForm();
}
