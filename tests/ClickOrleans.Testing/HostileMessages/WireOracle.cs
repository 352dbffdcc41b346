using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Testing.HostileMessages;

/// <summary>
/// The expected result of decoding a message. A simple implementation of the wire format's specification over characters instead
/// of bytes; it shares nothing with the decoder except the names of the reasons.
/// </summary>
public static partial class WireOracle
{
    private static readonly string[] Names = ["user_id", "timestamp", "url", "country", "city", "browser", "os", "device"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The click, or the reason of the dead letter.</summary>
    public static (Click? Click, DeadLetterReason? Reason) Judge(byte[]? message)
    {
        var bytes = message ?? [];
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            bytes = bytes[3..];
        }

        if (bytes.Length == 0)
        {
            return (null, DeadLetterReason.Empty);
        }

        OracleJson json;
        try
        {
            json = OracleJson.Parse(Strict.GetString(bytes));
        }
        catch (Exception exception) when (exception is DecoderFallbackException or FormatException)
        {
            return (null, DeadLetterReason.MalformedJson);
        }

        var values = json.Members is { } members ? Names.Select(name => members.GetValueOrDefault(name)).ToArray()
            : json.Elements is { Count: 8 } elements ? [.. elements]
            : null;
        return values is null ? (null, DeadLetterReason.WrongShape) : Judge(values);
    }

    private static (Click?, DeadLetterReason?) Judge(OracleValue?[] values)
    {
        var faults = new List<DeadLetterReason>();
        for (var index = 0; index < Names.Length; index++)
        {
            faults.AddRange(Names[index] == "timestamp"
                ? TimestampFaults(values[index])
                : TextFaults(Names[index], values[index]));
        }

        return faults.Count > 0
            ? (null, faults.Min())
            : (new Click(
                values[0]!.Text, Timestamp(values[1]!)!.Value, values[2]!.Text, values[3]!.Text, values[4]!.Text,
                values[5]!.Text, values[6]!.Text, values[7]!.Text), null);
    }

    private static IEnumerable<DeadLetterReason> TextFaults(string name, OracleValue? value)
    {
        if (value is null or { Kind: OracleKind.Null })
        {
            yield return DeadLetterReason.MissingField;
        }
        else if (value.Kind != OracleKind.String)
        {
            yield return DeadLetterReason.WrongType;
        }
        else
        {
            if (value.Text.Length == 0 && (name is "user_id" or "url"))
            {
                yield return DeadLetterReason.MissingField;
            }

            // Half a surrogate pair counts three bytes: as many as the replacement character, which .NET counts for it.
            if (Encoding.UTF8.GetByteCount(value.Text) > (name switch { "url" => 2048, "browser" => 512, _ => 128 }))
            {
                yield return DeadLetterReason.TooLong;
            }

            if (value.Text.Contains('\0') || Unpaired().IsMatch(value.Text))
            {
                yield return DeadLetterReason.UnstorableText;
            }
        }
    }

    private static IEnumerable<DeadLetterReason> TimestampFaults(OracleValue? value)
    {
        if (value is null or { Kind: OracleKind.Null })
        {
            yield return DeadLetterReason.MissingField;
        }
        else if (value.Kind is not (OracleKind.String or OracleKind.Number))
        {
            yield return DeadLetterReason.WrongType;
        }
        else if (Timestamp(value) is null)
        {
            yield return DeadLetterReason.BadTimestamp;
        }
    }

    private static DateTime? Timestamp(OracleValue value)
    {
        BigInteger microseconds;
        if (value.Kind == OracleKind.Number)
        {
            if (!Integer().IsMatch(value.Text))
            {
                return null;
            }

            var milliseconds = BigInteger.Parse(value.Text, CultureInfo.InvariantCulture);
            if (milliseconds >= 1 && milliseconds <= 99_999_999_999)
            {
                // Epoch seconds, given by mistake.
                return null;
            }

            microseconds = milliseconds * 1000;
        }
        else
        {
            var match = TimestampPattern().Match(value.Text);
            if (!match.Success || !DateTime.TryParseExact(
                $"{match.Groups["date"].Value} {match.Groups["time"].Value}", "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var seconds))
            {
                return null;
            }

            microseconds = (seconds - DateTime.UnixEpoch).Ticks / 10;
            microseconds += long.Parse(match.Groups["fraction"].Value.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
            var zone = match.Groups["zone"].Value;
            if (zone.Length == 6)
            {
                var hours = int.Parse(zone[1..3], CultureInfo.InvariantCulture);
                var minutes = int.Parse(zone[4..], CultureInfo.InvariantCulture);
                if (hours > 23 || minutes > 59)
                {
                    return null;
                }

                microseconds += (zone[0] == '-' ? 1 : -1) * ((hours * 60) + minutes) * 60_000_000L;
            }
        }

        return microseconds >= 0 && microseconds <= 253_402_300_799_999_999
            ? DateTime.UnixEpoch.AddTicks((long)microseconds * 10)
            : null;
    }

    [GeneratedRegex(@"[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex Unpaired();

    [GeneratedRegex(@"\A-?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
        + @"(\.(?<fraction>[0-9]+))?(?<zone>Z|[+-][0-9]{2}:[0-9]{2})?\z")]
    private static partial Regex TimestampPattern();
}
