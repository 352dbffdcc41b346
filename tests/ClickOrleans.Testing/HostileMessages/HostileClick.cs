using System.Globalization;
using System.Text;

namespace ClickOrleans.Testing.HostileMessages;

/// <summary>Writes a JSON text that is a valid or an almost valid click.</summary>
internal sealed class HostileClick(Random random)
{
    private static readonly string[] Names = ["user_id", "timestamp", "url", "country", "city", "browser", "os", "device"];

    private static readonly string[] OtherNames =
    [
        "", "URL", "Url", "user_id ", "userid", "time", "referrer", "\\u0000", "\\ud800", "u\\u0072l\\u0000", "\\uD83D\\uDE00",
        "é", "city_",
    ];

    private static readonly string[] OddValues =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e3", "1E400", "-0", "123456789012345678901234567890", "{}", "[]", "[null]",
        "{\"url\":\"/x\"}",
        "[[[[1]]]]", "{\"a\":{\"b\":[]}}", "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\uDFFFx\"",
        "\"\\ude00\\ud83d\"",
        "\"\\ud83d\\ude00\"", "\"\U0001F600\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\uFEFF\"", "\"\uFFFF\u007F\u0080\"",
        "\"null\"", "\"' OR 1=1; --\"",
    ];

    private static readonly string[] OddTimestamps =
    [
        "\"\"", "\"2024-02-30T00:00:00Z\"", "\"2023-02-29 00:00:00\"", "\"2024-02-29 12:34:56\"", "\"2024-06-30T23:59:60Z\"",
        "\"2024-01-01T24:00:00\"",
        "\"1969-12-31T23:59:59.999999Z\"", "\"1969-12-31T23:59:59.999999-00:01\"", "\"9999-12-31T23:59:59.9999999Z\"",
        "\"9999-12-31T23:59:59-00:01\"", "\"0000-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00Z\"", "\"2024-01-01T00:00:00z\"",
        "\"2024-01-01t00:00:00\"",
        "\"2024-01-01\"", "\"2024-01-01T00:00\"", "\"2024-01-01T00:00:00.\"", "\"2024-01-01T00:00:00.123456789Z\"",
        "\"2024-01-01T00:00:00+24:00\"",
        "\"2024-01-01T00:00:00+14:00\"", "\"2024-01-01T00:00:00-0100\"", "\"2024-01-01T00:00:00 +01:00\"",
        "\" 2024-01-01T00:00:00\"",
        "\"2024-01-01T00:00:00\\u0000\"", "\"\\u0032024-01-01T00:00:00\"", "\"1700000000000\"", "1700000000000", "0", "-1",
        "1.0", "1e12",
        "1", "1764086400", "99999999999", "100000000000",
        "253402300799999", "253402300800000", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e999",
        "-0", "0.0",
    ];

    /// <summary>Whether one value has almost a million bytes.</summary>
    public bool Huge { get; init; }

    /// <summary>Nesting depth of an unknown member.</summary>
    public int Depth { get; init; }

    public byte[] Write()
    {
        var json = new StringBuilder();
        var values = Names.Select(name => name == "timestamp" ? Timestamp() : Text(Limit(name))).ToArray();
        for (var odd = random.Next(5) == 0 ? random.Next(1, 4) : 0; odd > 0; odd--)
        {
            var field = random.Next(Names.Length);
            values[field] = Odd(Names[field]);
        }

        if (Huge)
        {
            values[random.Next(Names.Length)] = random.Next(2) == 0
                ? $"\"{new string((char)random.Next('a', 'z'), 990_000)}\""
                : $"\"{string.Concat(Enumerable.Repeat("\\u0000", 165_000))}\"";
        }

        Space(json);
        if (Depth == 0 && random.Next(4) == 0)
        {
            WriteArray(json, values);
        }
        else
        {
            WriteObject(json, values);
        }

        Space(json);
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    private static int Limit(string name) => name switch { "url" => 2048, "browser" => 512, _ => 128 };

    private void WriteArray(StringBuilder json, string[] values)
    {
        var count = random.Next(10) == 0 ? random.Next(12) : values.Length;
        var items = Enumerable.Range(0, count).Select(index => index < values.Length ? values[index] : "null");
        WriteList(json, '[', ']', [.. items]);
    }

    private void WriteObject(StringBuilder json, string[] values)
    {
        var members = values.Select((value, field) => $"{Name(Names[field])}:{value}").ToList();
        if (random.Next(20) == 0)
        {
            members.RemoveAt(random.Next(members.Count));
        }

        for (var repeats = random.Next(6) == 0 ? random.Next(1, 4) : 0; repeats > 0; repeats--)
        {
            var name = Names[random.Next(Names.Length)];
            var value = random.Next(2) == 0 ? Odd(name) : name == "timestamp" ? Timestamp() : Text(Limit(name));
            members.Insert(random.Next(members.Count + 1), $"{Name(name)}:{value}");
        }

        for (var others = random.Next(4) == 0 ? random.Next(1, 4) : 0; others > 0; others--)
        {
            var name = OtherNames[random.Next(OtherNames.Length)];
            members.Insert(random.Next(members.Count + 1), $"\"{name}\":{OddValues[random.Next(OddValues.Length)]}");
        }

        if (Depth > 0)
        {
            members.Insert(random.Next(members.Count + 1), $"\"deep\":{Nested()}");
        }

        var ordered = members.ToArray();
        if (random.Next(3) == 0)
        {
            random.Shuffle(ordered);
        }

        WriteList(json, '{', '}', ordered);
    }

    private void WriteList(StringBuilder json, char begin, char end, string[] items)
    {
        json.Append(begin);
        for (var index = 0; index < items.Length; index++)
        {
            json.Append(index > 0 ? "," : "");
            Space(json);
            json.Append(items[index]);
            Space(json);
        }

        json.Append(end);
    }

    private string Nested()
    {
        var (begin, end) = random.Next(2) == 0 ? ("[", "]") : ("{\"url\":", "}");
        var innermost = begin == "[" ? "" : "1";

        // One in four is not closed.
        var ends = random.Next(4) == 0 ? Depth - 1 : Depth;
        return string.Concat(Enumerable.Repeat(begin, Depth)) + innermost + string.Concat(Enumerable.Repeat(end, ends));
    }

    private string Odd(string name)
    {
        var limit = Limit(name);
        return random.Next(4) switch
        {
            0 when name == "timestamp" => OddTimestamps[random.Next(OddTimestamps.Length)],
            1 when name == "timestamp" => OddTimestamps[random.Next(OddTimestamps.Length)],
            0 => $"\"{new string('x', limit + random.Next(-1, 2))}\"",
            1 => $"\"{string.Concat(Enumerable.Repeat("\\ud83D\\uDe00", limit / 4))}{Tail()}\"",
            _ => OddValues[random.Next(OddValues.Length)],
        };
    }

    private string Tail() => random.Next(2) == 0 ? "" : random.Next(2) == 0 ? "y" : "\\udc00";

    private string Text(int limit)
    {
        var text = new StringBuilder("\"");
        var length = random.Next(1, random.Next(50) == 0 ? limit : 16);
        for (var index = 0; index < length; index++)
        {
            text.Append(random.Next(40) switch
            {
                0 => "ä",
                1 => "\\u00e4",
                2 => "\\/",
                3 => "\U0001F680",
                4 => "\\uD83D\\uDE80",
                5 => "\\n",
                6 => "€",
                _ => (char)random.Next('a', 'z' + 1),
            });
        }

        return text.Append('"').ToString();
    }

    private string Timestamp()
    {
        var timestamp = DateTime.UnixEpoch
            .AddSeconds(random.NextInt64(4_000_000_000))
            .AddTicks(random.Next(10_000_000));
        if (random.Next(4) == 0)
        {
            return ((timestamp - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture);
        }

        var fraction = random.Next(3) == 0
            ? ""
            : "." + timestamp.ToString("fffffff", CultureInfo.InvariantCulture)[..random.Next(1, 8)];
        var zone = random.Next(4) switch
        {
            0 => "",
            1 => $"{(random.Next(2) == 0 ? '+' : '-')}{random.Next(0, 24):00}:{random.Next(0, 60):00}",
            _ => "Z",
        };
        var format = random.Next(2) == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return $"\"{timestamp.ToString(format, CultureInfo.InvariantCulture)}{fraction}{zone}\"";
    }

    /// <summary>The name as a JSON string, in one of twenty cases with an escaped character.</summary>
    private string Name(string name)
    {
        if (random.Next(20) > 0)
        {
            return $"\"{name}\"";
        }

        var place = random.Next(name.Length);
        return $"\"{name[..place]}\\u{(int)name[place]:x4}{name[(place + 1)..]}\"";
    }

    private void Space(StringBuilder json)
    {
        if (random.Next(8) == 0)
        {
            json.Append(" \t\r\n"[random.Next(4)], random.Next(1, 3));
        }
    }
}
