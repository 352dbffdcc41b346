using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>
/// Writes a click as a message's value: UTF-8 JSON, an object with the eight names, and <c>event_id</c> where the click has one.
/// </summary>
/// <remarks>Only what JSON demands is escaped, and, so that nothing is lost, lone surrogates.</remarks>
public static class ClickEncoder
{
    /// <summary>A UTF-16 code unit as <c>\uXXXX</c>.</summary>
    private const int LongestCodeUnit = 6;

    /// <summary>yyyy-MM-ddTHH:mm:ss.ffffff</summary>
    private const int TimestampWithoutZone = 26;

    /// <summary>More than names, quotation marks, braces and timestamp take.</summary>
    private const int Frame = 220;

    private static readonly SearchValues<char> Special = SearchValues.Create(
        [
            .. Enumerable.Range(0, 0x20).Select(code => (char)code),
            '"',
            '\\',
            .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code),
        ]);

    public static byte[] Encode(Click click)
    {
        var rented = ArrayPool<byte>.Shared.Rent(MaxLength(click));
        var message = rented.AsSpan(0, Encode(click, rented)).ToArray();
        ArrayPool<byte>.Shared.Return(rented);
        return message;
    }

    /// <summary>Writes to the end of <paramref name="buffer"/> without garbage.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Encode(Click click, IBufferWriter<byte> buffer)
    {
        var length = Encode(click, buffer.GetSpan(MaxLength(click)));
        buffer.Advance(length);
        return length;
    }

    private static int MaxLength(Click click) =>
        Frame + (LongestCodeUnit * (click.UserId.Length + click.Url.Length + click.Country.Length + click.City.Length
            + click.Browser.Length + click.Os.Length + click.Device.Length));

    private static int Encode(Click click, Span<byte> destination)
    {
        var length = 0;
        Text("{\"user_id\":\""u8, click.UserId, destination, ref length);
        Timestamp("\",\"timestamp\":\""u8, click.Timestamp, destination, ref length);
        Text("\",\"url\":\""u8, click.Url, destination, ref length);
        Text("\",\"country\":\""u8, click.Country, destination, ref length);
        Text("\",\"city\":\""u8, click.City, destination, ref length);
        Text("\",\"browser\":\""u8, click.Browser, destination, ref length);
        Text("\",\"os\":\""u8, click.Os, destination, ref length);
        Text("\",\"device\":\""u8, click.Device, destination, ref length);
        if (click.EventId is { } id)
        {
            Append("\",\"event_id\":\""u8, destination, ref length);
            Utf8Formatter.TryFormat(id, destination[length..], out var written);
            length += written;
        }

        Append("\"}"u8, destination, ref length);
        return length;
    }

    private static void Timestamp(ReadOnlySpan<byte> before, DateTime timestamp, Span<byte> destination, ref int length)
    {
        Append(before, destination, ref length);
        Utf8Formatter.TryFormat(timestamp, destination[length..], out _, new StandardFormat('O'));

        // The round-trip format has a seventh digit, and a zone that depends on the kind.
        length += TimestampWithoutZone;
        destination[length++] = (byte)'Z';
    }

    private static void Text(ReadOnlySpan<byte> before, string text, Span<byte> destination, ref int length)
    {
        Append(before, destination, ref length);
        var rest = text.AsSpan();
        while (true)
        {
            var plain = rest.IndexOfAny(Special);
            plain = plain < 0 ? rest.Length : plain;
            length += Encoding.UTF8.GetBytes(rest[..plain], destination[length..]);
            rest = rest[plain..];
            if (rest.IsEmpty)
            {
                return;
            }

            if (rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]))
            {
                length += Encoding.UTF8.GetBytes(rest[..2], destination[length..]);
                rest = rest[2..];
                continue;
            }

            Escape(rest[0], destination, ref length);
            rest = rest[1..];
        }
    }

    private static void Escape(char special, Span<byte> destination, ref int length)
    {
        destination[length++] = (byte)'\\';
        if (special is '"' or '\\')
        {
            destination[length++] = (byte)special;
            return;
        }

        destination[length++] = (byte)'u';
        ((int)special).TryFormat(destination[length..], out var digits, "x4", CultureInfo.InvariantCulture);
        length += digits;
    }

    private static void Append(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int length)
    {
        bytes.CopyTo(destination[length..]);
        length += bytes.Length;
    }
}
