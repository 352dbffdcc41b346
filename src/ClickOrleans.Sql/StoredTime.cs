using System.Data;
using System.Globalization;
using Dapper;

namespace ClickOrleans.Sql;

/// <summary>
/// A time as a column holds it: <c>timestamptz</c>, or text of fixed width in UTC where the database has no such type. Text
/// order is time order.
/// </summary>
public readonly record struct StoredTime(DateTime Utc)
{
    /// <summary>Characters of the text form.</summary>
    public const int Length = 27;

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The text form; what lies below a microsecond is cut.</summary>
    public static string ToText(DateTime utc) => utc.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Writes the text form as ASCII into the first <see cref="Length"/> bytes.</summary>
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

    /// <exception cref="FormatException">The column holds something else.</exception>
    public static DateTime Parse(string text) => DateTime.ParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static void Digits(Span<byte> target, int number)
    {
        for (var at = target.Length - 1; at >= 0; at--, number /= 10)
        {
            target[at] = (byte)('0' + (number % 10));
        }
    }

    internal sealed class Handler : SqlMapper.TypeHandler<StoredTime>
    {
        public override StoredTime Parse(object value) => new(value switch
        {
            string text => StoredTime.Parse(text),
            DateTime time when time.Kind == DateTimeKind.Utc => time,
            _ => throw new FormatException($"'{value}' is no time in UTC."),
        });

        public override void SetValue(IDbDataParameter parameter, StoredTime value) =>
            throw new NotSupportedException("Times are passed on in the database's own form: StoreDatabase.Time.");
    }
}
