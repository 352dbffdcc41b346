using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>
/// Strings that were seen lately, found by their UTF-8 bytes, so that the same country is not made again for every click. A
/// set-associative cache of a fixed size: a text has four places, and a new one takes the place of one of the four. Its memory is
/// bounded whatever comes in; a miss costs a string, nothing else.
/// </summary>
public sealed class TextPool
{
    private const int Ways = 4;

    private readonly int _longest;
    private readonly uint[] _tags;
    private readonly string?[] _texts;
    private readonly int _setMask;
    private int _victim;

    /// <param name="capacity">How many strings are kept; a power of two, at least four.</param>
    /// <param name="longest">Texts of more bytes are not kept.</param>
    public TextPool(int capacity, int longest)
    {
        if (capacity < Ways || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A power of two of at least four.");
        }

        _longest = longest;
        _tags = new uint[capacity];
        _texts = new string?[capacity];
        _setMask = (capacity / Ways) - 1;
    }

    public int Capacity => _texts.Length;

    public int Count => _texts.Count(text => text is not null);

    /// <param name="utf8">Valid UTF-8.</param>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > _longest)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = Hash(utf8);
        var tag = (uint)(hash >> 32);
        var set = ((int)hash & _setMask) * Ways;
        var tags = _tags.AsSpan(set, Ways);
        for (var way = 0; way < Ways; way++)
        {
            if (tags[way] == tag && _texts[set + way] is { } known && AreEqual(utf8, known))
            {
                return known;
            }
        }

        return Keep(utf8, tag, set);
    }

    private string Keep(ReadOnlySpan<byte> utf8, uint tag, int set)
    {
        var place = set;
        while (place < set + Ways && _texts[place] is not null)
        {
            place++;
        }

        if (place == set + Ways)
        {
            place = set + (_victim++ & (Ways - 1));
        }

        var text = Encoding.UTF8.GetString(utf8);
        _tags[place] = tag;
        _texts[place] = text;
        return text;
    }

    private static bool AreEqual(ReadOnlySpan<byte> utf8, string text)
    {
        if (Ascii.Equals(utf8, text))
        {
            return true;
        }

        // A character is at most as many UTF-16 code units as it has UTF-8 bytes.
        Span<char> chars = utf8.Length <= 256 ? stackalloc char[utf8.Length] : new char[utf8.Length];
        return Utf8.ToUtf16(utf8, chars, out _, out var written) == System.Buffers.OperationStatus.Done
            && text.AsSpan().SequenceEqual(chars[..written]);
    }

    /// <summary>Multiply and fold, eight bytes at a time, the last eight overlapping; the constants are wyhash's.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong Seed = 0xa0761d6478bd642f;
        const ulong Factor = 0xe7037ed1a0b428db;
        var hash = Seed ^ (ulong)bytes.Length;
        if (bytes.Length < 8)
        {
            ulong tail = 0;
            foreach (var value in bytes)
            {
                tail = (tail << 8) | value;
            }

            return Fold(hash ^ tail, Factor);
        }

        var rest = bytes;
        for (; rest.Length > 8; rest = rest[8..])
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(rest), Factor);
        }

        return Fold(hash ^ MemoryMarshal.Read<ulong>(bytes[^8..]), Factor);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
