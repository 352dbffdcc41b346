using System.Buffers.Text;
using ClickOrleans.Pipeline.DeadLetters;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>
/// The accepted forms of a timestamp: <c>yyyy-MM-dd</c>, <c>T</c> or a space, <c>HH:mm:ss</c>, optionally <c>.</c> and digits
/// (cut to microseconds), optionally <c>Z</c>, <c>+hh:mm</c> or <c>-hh:mm</c> (none = UTC); or an integer of epoch milliseconds.
/// In UTC from <see cref="DateTime.UnixEpoch"/> to the last microsecond of the year 9999. Integers from 1 to
/// <see cref="LastSecond"/> are epoch seconds by mistake and refused: as milliseconds they would lie in January 1970 to March
/// 1973.
/// </summary>
internal static class ClickTimestamp
{
    /// <summary>What a <see cref="DeadLetterReason.BadTimestamp"/> tells the person who reads it.</summary>
    public const string AcceptedForms =
        "accepted are yyyy-MM-dd'T'HH:mm:ss (T or a space; optional fraction; optional Z or +hh:mm, none = UTC) "
        + "and an integer of epoch milliseconds, from 1970 to 9999";

    private const int WithoutFraction = 19;

    /// <summary>In seconds the year 5138; in milliseconds 1973-03-03.</summary>
    private const long LastSecond = 99_999_999_999;

    private static readonly long LastMillisecond =
        (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime timestamp)
    {
        timestamp = default;
        if (text.Length < WithoutFraction
            || !TryParseDigits(text[..4], out var year) || text[4] != '-'
            || !TryParseDigits(text[5..7], out var month) || text[7] != '-'
            || !TryParseDigits(text[8..10], out var day) || (text[10] != 'T' && text[10] != ' ')
            || !TryParseDigits(text[11..13], out var hour) || text[13] != ':'
            || !TryParseDigits(text[14..16], out var minute) || text[16] != ':'
            || !TryParseDigits(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59
            || !TryParseFraction(text[WithoutFraction..], out var microseconds, out var zone)
            || !TryParseZone(zone, out var zoneMinutes))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks
            + (microseconds * TimeSpan.TicksPerMicrosecond)
            - (zoneMinutes * TimeSpan.TicksPerMinute);
        if (ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        timestamp = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    /// <param name="number">A well-formed JSON number.</param>
    public static bool TryParseMilliseconds(ReadOnlySpan<byte> number, out DateTime timestamp)
    {
        timestamp = default;
        if (!Utf8Parser.TryParse(number, out long milliseconds, out var read) || read != number.Length
            || milliseconds is < 0 or (> 0 and <= LastSecond) || milliseconds > LastMillisecond)
        {
            return false;
        }

        timestamp = DateTime.UnixEpoch.AddTicks(milliseconds * TimeSpan.TicksPerMillisecond);
        return true;
    }

    /// <summary>Whether a refused number is in the range that is taken for epoch seconds.</summary>
    public static bool IsEpochSeconds(ReadOnlySpan<byte> number) =>
        Utf8Parser.TryParse(number, out long seconds, out var read) && read == number.Length && seconds is > 0 and <= LastSecond;

    private static bool TryParseDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return true;
    }

    private static bool TryParseFraction(ReadOnlySpan<byte> text, out int microseconds, out ReadOnlySpan<byte> rest)
    {
        microseconds = 0;
        rest = text;
        if (text.IsEmpty || text[0] != '.')
        {
            return true;
        }

        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length - 1 : digits;
        for (var place = 0; place < 6; place++)
        {
            microseconds = (microseconds * 10) + (place < digits ? text[1 + place] - '0' : 0);
        }

        rest = text[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryParseZone(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] == 'Z'))
        {
            return true;
        }

        if (text.Length != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':'
            || !TryParseDigits(text[1..3], out var hour) || hour > 23
            || !TryParseDigits(text[4..6], out var minute) || minute > 59)
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
