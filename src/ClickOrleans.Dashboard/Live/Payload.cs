using System.Globalization;
using System.Text;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Bytes of a message as a person reads them. Nothing of it is ever markup: what it holds is anybody's.</summary>
public static class Payload
{
    /// <summary>What is shown of a long one.</summary>
    public const int Shown = 4096;

    private const int Row = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null where it is no text in UTF-8. Control characters stand as their pictures (U+2400 and on), so that they are seen.</summary>
    public static string? Text(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        try
        {
            var text = Strict.GetString(bytes);
            return string.Concat(Cut(text).Select(c => c < ' ' && c is not '\n' and not '\t' ? (char)(0x2400 + c) : c));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Offset, sixteen bytes, and their ASCII in each line.</summary>
    public static string Hex(byte[]? bytes)
    {
        var dump = new StringBuilder();
        var shown = (bytes ?? []).AsSpan()[..Math.Min(bytes?.Length ?? 0, Shown)];
        for (var at = 0; at < shown.Length; at += Row)
        {
            var row = shown[at..Math.Min(at + Row, shown.Length)];
            dump.Append(at.ToString("x4", CultureInfo.InvariantCulture)).Append("  ");
            for (var i = 0; i < Row; i++)
            {
                dump.Append(i < row.Length ? row[i].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(i == 7 ? "  " : " ");
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

    private static string Cut(string text) => text.Length <= Shown ? text : text[..Shown] + " ...";
}
