using System.Globalization;

namespace ClickOrleans.Sql;

/// <summary>
/// A time as text, for databases without a type for it: UTC with a fixed number of fractional digits, so that text order is
/// time order.
/// </summary>
public static class StoredTime
{
    /// <summary>Characters of the text.</summary>
    public const int Length = 27;

    /// <summary>The first characters, up to the hour.</summary>
    public const int HourLength = 13;

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    // As many fractional digits as there are: the index keeps seven.
    private const string AnyPrecision = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>The text; fractions of a microsecond are truncated.</summary>
    public static string ToText(DateTime utc) => utc.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The text of a whole hour.</summary>
    /// <param name="hour">The first <see cref="HourLength"/> characters.</param>
    public static string OfHour(string hour) => hour + ":00:00.000000Z";

    /// <summary>Writes the text as ASCII into the first <see cref="Length"/> bytes.</summary>
    public static void Write(DateTime utc, Span<byte> target)
    {
        "0000-00-00T00:00:00.000000Z"u8.CopyTo(target);
        var (year, month, day) = DateOnly.FromDateTime(utc);
        Digits(target[..4], year);
        Digits(target[5..7], month);
        Digits(target[8..10], day);
        var ofDay = utc.TimeOfDay;
        Digits(target[11..13], ofDay.Hours);
        Digits(target[14..16], ofDay.Minutes);
        Digits(target[17..19], ofDay.Seconds);
        Digits(target[20..26], (int)(ofDay.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
    }

    /// <exception cref="FormatException">The text is not a time in UTC.</exception>
    public static DateTime Parse(string text) => DateTime.ParseExact(
        text, AnyPrecision, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static void Digits(Span<byte> target, int number)
    {
        for (var at = target.Length - 1; at >= 0; at--, number /= 10)
        {
            target[at] = (byte)('0' + (number % 10));
        }
    }
}
