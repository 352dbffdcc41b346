using System.Globalization;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>
/// A length of time as text, the same in configuration, HTTP bodies and pages: a plain number is seconds (<c>90</c>, <c>0.5</c>),
/// anything else is <c>hh:mm:ss</c> or <c>d.hh:mm:ss</c>, with a fraction of a second where wanted.
/// </summary>
public static class Duration
{
    /// <summary>What may be written, for messages.</summary>
    public const string Allowed = "times: seconds, hh:mm:ss or d.hh:mm:ss";

    private const string Constant = "c";

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            if (!(Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds))
            {
                return false;
            }

            duration = TimeSpan.FromSeconds(seconds);
            return true;
        }

        // The format itself takes less, too: "1:30" as hours and minutes.
        return text?.Count(letter => letter == ':') == 2
            && TimeSpan.TryParseExact(text.Trim(), Constant, CultureInfo.InvariantCulture, out duration);
    }

    /// <summary><c>hh:mm:ss</c> or <c>d.hh:mm:ss</c>.</summary>
    public static string ToText(TimeSpan duration)
    {
        var text = duration.ToString(Constant, CultureInfo.InvariantCulture);
        return duration.Ticks % TimeSpan.TicksPerSecond == 0 ? text : text.TrimEnd('0');
    }
}
