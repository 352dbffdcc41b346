using System.Globalization;
using System.Text;

namespace ClickOrleans.Pipeline.Index;

/// <summary>
/// Cuts a text into the words that search compares: runs of letters and digits (Unicode L and N), in lower case, percent-encoded
/// ones decoded (RFC 3986), and alike however their letters are composed (<see cref="CanonicalForm"/>).
/// </summary>
public static class SearchWords
{
    /// <summary>
    /// No url of 2,048 bytes with a country of 128 holds more different words, as there are but few short ones. A query with
    /// more finds nothing, and need not be tried on an index that bounds the number of clauses.
    /// </summary>
    public const int MostInDocument = 1000;

    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in CanonicalForm.Of(Decoded(text)).EnumerateRunes())
        {
            if (IsWordPart(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>The words, each once.</summary>
    public static IReadOnlyList<string> Distinct(string text) => [.. Of(text).Distinct(StringComparer.Ordinal)];

    /// <summary>What is no UTF-8 stays as it is.</summary>
    private static string Decoded(string text) =>
        text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;

    private static bool IsWordPart(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or
        UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
