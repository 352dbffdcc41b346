using System.Globalization;
using System.Text;

namespace ClickOrleans.Pipeline;

/// <summary>Texts of others (errors of a server, quotes from a message) as a store can keep them.</summary>
public static class StorableText
{
    /// <summary>Without U+0000 and lone surrogates, which UTF-8 columns refuse: U+FFFD stands in their place.</summary>
    public static string Of(string text)
    {
        if (IsWellFormed(text))
        {
            return text;
        }

        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            storable.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return storable.ToString();
    }

    /// <summary>In ASCII, which every encoding has: anything else is written as <c>\u6628</c>.</summary>
    public static string Ascii(string text)
    {
        var ascii = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter is '\n' or (>= ' ' and <= '~'))
            {
                ascii.Append(letter);
            }
            else
            {
                ascii.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
        }

        return ascii.ToString();
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (text[i] == 0 || char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
