using System.Reflection;
using System.Text.RegularExpressions;

namespace ClickOrleans.Silo.Tests.Wording;

/// <summary>The words of <c>retired-words.txt</c>.</summary>
internal static partial class RetiredWords
{
    private const string Name = "name:";
    private const string Text = "text:";

    private static readonly string[] Lines = Read();
    private static readonly Regex InNames = Pattern(Lines.Where(line => !line.StartsWith(Text, StringComparison.Ordinal)));
    private static readonly Regex InText = Pattern(Lines.Where(line => !line.StartsWith(Name, StringComparison.Ordinal)));

    /// <summary>The retired words in an identifier, for example <c>Moment</c> in <c>LastMoment</c>.</summary>
    public static IEnumerable<string> FindInName(string identifier) => Find(InNames, WordStart().Replace(identifier, " "));

    /// <summary>The retired words in a string literal.</summary>
    public static IEnumerable<string> FindInText(string text) => Find(InText, text);

    private static IEnumerable<string> Find(Regex pattern, string text) => pattern.Matches(text).Select(match => match.Value);

    private static Regex Pattern(IEnumerable<string> lines)
    {
        var phrases = lines
            .Select(line => line.Replace(Name, "", StringComparison.Ordinal).Replace(Text, "", StringComparison.Ordinal).Trim())
            .Select(phrase => string.Join(@"\s+", phrase.Split(' ').Select(Regex.Escape)));
        return new Regex($@"\b({string.Join('|', phrases)})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    private static string[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("retired-words.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')];
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")]
    private static partial Regex WordStart();
}
