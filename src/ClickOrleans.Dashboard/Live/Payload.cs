using System.Globalization;
using System.Text;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Formats the bytes of a message for display. The result is untrusted: it is never rendered as markup.</summary>
public static class Payload
{
    /// <summary>Longer payloads are truncated.</summary>
    public const int MaxLength = 4096;

    private const int Row = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null if the bytes are not valid UTF-8. Control characters are replaced by their symbols (from U+2400).</summary>
    public static string? Text(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        try
        {
            var text = Strict.GetString(bytes);
            return string.Concat(Truncate(text).Select(c => c < ' ' && c is not '\n' and not '\t' ? (char)(0x2400 + c) : c));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A hex dump: offset, sixteen bytes and their ASCII characters per line.</summary>
    public static string Hex(byte[]? bytes)
    {
        var dump = new StringBuilder();
        var shown = (bytes ?? []).AsSpan()[..Math.Min(bytes?.Length ?? 0, MaxLength)];
        for (var at = 0; at < shown.Length; at += Row)
        {
            var row = shown[at..Math.Min(at + Row, shown.Length)];
            dump.Append(at.ToString("x4", CultureInfo.InvariantCulture)).Append("  ");
            for (var i = 0; i < Row; i++)
            {
                dump.Append(i < row.Length ? row[i].ToString("x2", CultureInfo.InvariantCulture) : "  ")
                    .Append(i == 7 ? "  " : " ");
            }

            dump.Append(' ');
            foreach (var value in row)
            {
                dump.Append(value is >= 0x20 and < 0x7f ? (char)value : '.');
            }

            dump.Append('\n');
        }

        return dump.ToString();
    }

    private static string Truncate(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + " ...";
}
