using System.Globalization;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>
/// Unescapes the inside of a JSON string that is known to be well-formed. Unlike <see cref="System.Text.Json.Utf8JsonReader"/>'s
/// own methods it does not throw at a lone surrogate and needs no memory for a text that is too long anyway.
/// </summary>
internal static class JsonText
{
    /// <summary>
    /// Writes the text's UTF-8 bytes to <paramref name="destination"/>; what is there is of use only if all of it fits.
    /// </summary>
    /// <param name="storable">False where it holds U+0000 or a lone surrogate (written, and counted, as three bytes).</param>
    /// <returns>The length of the whole text in UTF-8 bytes, also where it is more than fits.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination, out bool storable)
    {
        storable = true;
        var length = 0;
        Span<byte> bytes = stackalloc byte[4];
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length : plain;
            if (length + plain <= destination.Length)
            {
                raw[..plain].CopyTo(destination[length..]);
            }

            length += plain;
            raw = raw[plain..];
            if (raw.IsEmpty)
            {
                break;
            }

            raw = raw[ReadEscape(raw, out var codePoint)..];
            storable &= codePoint != 0 && codePoint is < 0xD800 or > 0xDFFF;
            var size = Write(codePoint, bytes);
            if (length + size <= destination.Length)
            {
                bytes[..size].CopyTo(destination[length..]);
            }

            length += size;
        }

        return length;
    }

    /// <summary>
    /// Reads the escape that <paramref name="raw"/> starts with, a surrogate pair as one, and returns its length.
    /// </summary>
    private static int ReadEscape(ReadOnlySpan<byte> raw, out int codePoint)
    {
        if (raw[1] != (byte)'u')
        {
            codePoint = raw[1] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var itself => itself,
            };
            return 2;
        }

        codePoint = CodeUnit(raw);
        if (char.IsHighSurrogate((char)codePoint) && raw.Length >= 12 && raw[6] == (byte)'\\' && raw[7] == (byte)'u')
        {
            var low = (char)CodeUnit(raw[6..]);
            if (char.IsLowSurrogate(low))
            {
                codePoint = char.ConvertToUtf32((char)codePoint, low);
                return 12;
            }
        }

        return 6;
    }

    private static int CodeUnit(ReadOnlySpan<byte> escape) =>
        int.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Writes a code point, or as three bytes a lone surrogate, which is not UTF-8 and so equals no text.</summary>
    private static int Write(int codePoint, Span<byte> bytes)
    {
        switch (codePoint)
        {
            case < 0x80:
                bytes[0] = (byte)codePoint;
                return 1;
            case < 0x800:
                bytes[0] = (byte)(0xC0 | (codePoint >> 6));
                bytes[1] = (byte)(0x80 | (codePoint & 0x3F));
                return 2;
            case < 0x10000:
                bytes[0] = (byte)(0xE0 | (codePoint >> 12));
                bytes[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
                bytes[2] = (byte)(0x80 | (codePoint & 0x3F));
                return 3;
            default:
                bytes[0] = (byte)(0xF0 | (codePoint >> 18));
                bytes[1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
                bytes[2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
                bytes[3] = (byte)(0x80 | (codePoint & 0x3F));
                return 4;
        }
    }
}
