using System.Globalization;

namespace ClickOrleans.Pipeline.Index;

/// <summary>Cuts a text into the words that search compares: runs of letters and digits, in lower case.</summary>
public static class SearchWords
{
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var isWordPart = at < text.Length && IsWordPart(text, at);
            if (isWordPart && start < 0)
            {
                start = at;
            }
            else if (!isWordPart && start >= 0)
            {
                words.Add(text[start..at].ToLowerInvariant());
                start = -1;
            }
        }

        return words;
    }

    private static bool IsWordPart(string text, int at) =>
        char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1])
            ? IsWordPart(text, at - 1)
            : CharUnicodeInfo.GetUnicodeCategory(text, at) is
                UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
                UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or
                UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
