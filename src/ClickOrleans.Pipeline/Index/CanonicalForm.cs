using System.Globalization;
using System.Text;

namespace ClickOrleans.Pipeline.Index;

/// <summary>
/// Normalization form C (Unicode Standard Annex 15): one text for letters that can be written in several ways, such as é as one
/// character or as e with an accent. <see cref="string.Normalize()"/> does nothing without ICU, which the program goes without.
/// </summary>
internal static class CanonicalForm
{
    // Hangul syllables are computed: The Unicode Standard, section 3.12.
    private const int Syllables = 0xAC00;
    private const int Leading = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trailing = 0x11A7;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;
    private const int SyllableCount = 11_172;

    /// <summary>Below, nothing composes, decomposes or is reordered.</summary>
    private const char FirstMark = '\u0300';

    private static readonly Lazy<CanonicalTable> Table = new(CanonicalTable.Read);

    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstMark - 1)))
        {
            return text;
        }

        var letters = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, letters);
        }

        Order(letters);
        return Compose(letters);
    }

    private static void Decompose(int letter, List<int> letters)
    {
        var syllable = letter - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            letters.Add(Leading + (syllable / (VowelCount * TrailingCount)));
            letters.Add(Vowels + (syllable / TrailingCount % VowelCount));
            if (syllable % TrailingCount > 0)
            {
                letters.Add(Trailing + (syllable % TrailingCount));
            }
        }
        else if (Table.Value.Decompositions.TryGetValue(letter, out var parts))
        {
            Decompose(parts.First, letters);
            if (parts.Second > 0)
            {
                letters.Add(parts.Second);
            }
        }
        else
        {
            letters.Add(letter);
        }
    }

    /// <summary>Marks behind one letter in the order of their classes; marks of one class keep theirs.</summary>
    private static void Order(List<int> letters)
    {
        for (var i = 1; i < letters.Count; i++)
        {
            var (letter, rank) = (letters[i], Class(letters[i]));
            var place = i;
            while (rank > 0 && place > 0 && Class(letters[place - 1]) > rank)
            {
                letters[place] = letters[--place];
            }

            letters[place] = letter;
        }
    }

    private static string Compose(List<int> letters)
    {
        var composed = new List<int>(letters.Count);
        var (starter, last) = (-1, 0);
        foreach (var letter in letters)
        {
            var rank = Class(letter);
            if (starter >= 0
                && (starter == composed.Count - 1 || (last > 0 && last < rank))
                && Pair(composed[starter], letter) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            if (rank == 0)
            {
                starter = composed.Count;
            }

            last = rank;
            composed.Add(letter);
        }

        var text = new StringBuilder(composed.Count);
        foreach (var letter in composed)
        {
            text.Append(new Rune(letter).ToString());
        }

        return text.ToString();
    }

    private static int? Pair(int first, int second)
    {
        if (first - Leading is >= 0 and < 19 && second - Vowels is >= 0 and < VowelCount)
        {
            return Syllables + ((((first - Leading) * VowelCount) + second - Vowels) * TrailingCount);
        }

        if (first - Syllables is >= 0 and < SyllableCount && (first - Syllables) % TrailingCount == 0
            && second - Trailing is > 0 and < TrailingCount)
        {
            return first + second - Trailing;
        }

        return Table.Value.Compositions.TryGetValue((first, second), out var pair) ? pair : null;
    }

    private static int Class(int letter) => letter < FirstMark ? 0 : Table.Value.Classes.GetValueOrDefault(letter);

    /// <summary><c>canonical_forms.txt</c>.</summary>
    private sealed record CanonicalTable(
        Dictionary<int, (int First, int Second)> Decompositions,
        Dictionary<(int First, int Second), int> Compositions,
        Dictionary<int, int> Classes)
    {
        public static CanonicalTable Read()
        {
            var table = new CanonicalTable([], [], []);
            using var resource = typeof(CanonicalForm).Assembly.GetManifestResourceStream("canonical_forms.txt")!;
            using var reader = new StreamReader(resource);
            while (reader.ReadLine() is { } line)
            {
                if (line.Split('=') is [var composed, var parts])
                {
                    table.Add(composed, parts.Split(' '));
                }
                else if (line.Split(':', '-') is [var rank, var first, var last] && line[0] != '#')
                {
                    for (var letter = Hex(first); letter <= Hex(last); letter++)
                    {
                        table.Classes[letter] = int.Parse(rank, CultureInfo.InvariantCulture);
                    }
                }
            }

            return table;
        }

        private void Add(string composed, string[] parts)
        {
            if (composed.StartsWith('#'))
            {
                return;
            }

            var letter = Hex(composed.TrimStart('!'));
            var pair = (Hex(parts[0]), parts.Length > 1 ? Hex(parts[1]) : 0);
            Decompositions[letter] = pair;
            if (composed[0] != '!')
            {
                Compositions[pair] = letter;
            }
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
