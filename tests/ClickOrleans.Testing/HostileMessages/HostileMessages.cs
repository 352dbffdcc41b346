using System.Text;

namespace ClickOrleans.Testing.HostileMessages;

/// <summary>
/// Messages of every kind that a log may contain: clicks in all permitted notations, near misses of each rule, JSON that is not a
/// click, and bytes that are not JSON. About half of them are clicks.
/// </summary>
public static class HostileMessages
{
    /// <summary>Maximum length in bytes: a Kafka broker's default limit, less some space for the key.</summary>
    public const int Longest = 1_000_000;

    private static readonly byte[][] BrokenUtf8 =
    [
        [0x80], [0xBF, 0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE2, 0x82], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xED,
        0xBF, 0xBF],
        [0xF0, 0x9F, 0x98], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ];

    private static readonly string[] Junk =
    [
        "", " ", "\n\t \r", "\uFEFF", "\uFEFF\uFEFF", "\uFEFF ", "\0", "null", "true", "false", "0", "-0", "-", "1e400",
        "\"text\"", "\"\\ud800\"",
        "NaN", "Infinity", "undefined", "hello", "{", "}", "[", "]", "{}", "[]", "{}{}", "[]\0", "[[]]", "{]", "[}", "<click/>",
        "user_id,url",
        "{\"user_id\"}", "{\"user_id\":}", "{:1}", "{,}", "[,]", "//", "/**/{}", "'", "\"", "\\", "\"\\", "\"\\u12",
        "{\"a\":1,}", "[1,]", "[1 2]",
    ];

    /// <summary>The same seed gives the same messages; null is a message without a value (a tombstone).</summary>
    public static IEnumerable<byte[]?> Mutations(int seed, int count)
    {
        var random = new Random(seed);
        byte[] last = [];
        for (var number = 0; number < count; number++)
        {
            var message = Next(random, last);
            last = message is { Length: < 10_000 } ? message : last;
            yield return message?.Length > Longest ? message[..Longest] : message;
        }
    }

    private static byte[]? Next(Random random, byte[] last)
    {
        switch (random.Next(1000))
        {
            case < 5:
                return null;
            case < 30:
                return Encoding.UTF8.GetBytes(Junk[random.Next(Junk.Length)]);
            case < 35:
                var noise = new byte[random.Next(64)];
                random.NextBytes(noise);
                return noise;
            case 35 when random.Next(5) == 0:
                return new HostileClick(random) { Huge = true }.Write();
            case 36 or 37:
                return new HostileClick(random) { Depth = random.Next(10) == 0 ? 100_000 : random.Next(2000) }.Write();
            case < 800:
                return new HostileClick(random).Write();
            default:
                return Damage(random, new HostileClick(random).Write(), last);
        }
    }

    private static byte[] Damage(Random random, byte[] message, byte[] last)
    {
        var place = random.Next(message.Length + 1);
        switch (random.Next(8))
        {
            case 0:
                return message[..place];
            case 1:
                return message[place..];
            case 2:
                return [.. message, .. last];
            case 3:
                return [.. last[..random.Next(last.Length + 1)], .. message[place..]];
            case 4:
                return [.. message[..place], .. BrokenUtf8[random.Next(BrokenUtf8.Length)], .. message[place..]];
            case 5:
                return [.. message[..place], (byte)"{}[]\",:\\ntf0-. \0"[random.Next(16)], .. message[place..]];
            case 6:
                return [.. "\uFEFF"u8, .. message];
            default:
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                {
                    message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                }

                return message;
        }
    }
}
