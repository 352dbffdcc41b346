using System.Buffers.Binary;
using System.Numerics;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// The hashes of the event ids that a partition's last offsets had, in order of offset. Ids with the same hash are kept beside
/// each other: what is found is a candidate, which <see cref="DuplicateFilter"/> compares.
/// </summary>
/// <remarks>
/// A ring of hashes and offsets, oldest first, and a table of places in the ring, found by hash with linear probing. A full
/// window takes 12 bytes in the ring and at most 11 in the table for each id. Both grow with the ids that there are.
/// </remarks>
internal sealed class RecentIds(int window)
{
    private const int FirstCapacity = 256;

    private ulong[] _hashes = [];
    private uint[] _offsets = [];
    private int[] _table = [];
    private int _oldest;
    private long _lastOffset;

    public int Count { get; private set; }

    /// <summary>Bytes in use, for measurements.</summary>
    public long Bytes => (_hashes.Length * (long)(sizeof(ulong) + sizeof(uint))) + (_table.Length * (long)sizeof(int));

    /// <summary>UUIDs are random but for a few bits: two halves folded are a hash.</summary>
    public static ulong HashOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        var high = Math.BigMul(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ 0xa0761d6478bd642f,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ 0xe7037ed1a0b428db,
            out var low);
        return high ^ low;
    }

    /// <param name="offset">Above every one before.</param>
    public void Add(ulong hash, long offset)
    {
        Forget(offset);
        if (Count == _hashes.Length)
        {
            Grow();
        }

        var place = PlaceAt(Count);
        _hashes[place] = hash;
        _offsets[place] = (uint)offset;
        _lastOffset = offset;
        Count++;
        Insert(hash, place);
    }

    /// <summary>Drops what lies more than a window before an offset.</summary>
    public void Forget(long offset)
    {
        while (Count > 0 && offset - OffsetAt(_oldest) > window)
        {
            Remove(_hashes[_oldest], _oldest);
            _oldest = PlaceAt(1);
            Count--;
        }
    }

    /// <summary>Adds to <paramref name="found"/> the offsets that had an id with this hash.</summary>
    public void Find(ulong hash, List<long> found)
    {
        if (Count == 0)
        {
            return;
        }

        for (var slot = SlotOf(hash); _table[slot] != 0; slot = Next(slot))
        {
            if (_hashes[_table[slot] - 1] == hash)
            {
                found.Add(OffsetAt(_table[slot] - 1));
            }
        }
    }

    private int PlaceAt(int index)
    {
        var place = _oldest + index;
        return place < _hashes.Length ? place : place - _hashes.Length;
    }

    /// <summary>Only the lower half is kept: a window is far smaller than what it can tell apart.</summary>
    private long OffsetAt(int place) => _lastOffset - (uint)((uint)_lastOffset - _offsets[place]);

    private int SlotOf(ulong hash) => (int)(hash >> 32) & (_table.Length - 1);

    private int Next(int slot) => (slot + 1) & (_table.Length - 1);

    private void Insert(ulong hash, int place)
    {
        var slot = SlotOf(hash);
        while (_table[slot] != 0)
        {
            slot = Next(slot);
        }

        _table[slot] = place + 1;
    }

    /// <summary>Closes the gap, so that everything behind it is still found.</summary>
    private void Remove(ulong hash, int place)
    {
        var gap = SlotOf(hash);
        while (_table[gap] != place + 1)
        {
            gap = Next(gap);
        }

        for (var slot = Next(gap); _table[slot] != 0; slot = Next(slot))
        {
            var home = SlotOf(_hashes[_table[slot] - 1]);
            var isBetween = gap <= slot ? gap < home && home <= slot : gap < home || home <= slot;
            if (!isBetween)
            {
                _table[gap] = _table[slot];
                gap = slot;
            }
        }

        _table[gap] = 0;
    }

    private void Grow()
    {
        // Offsets from o - window to o are window + 1.
        var capacity = (int)Math.Min(Math.Max(FirstCapacity, _hashes.Length * 2L), window + 1L);
        var (hashes, offsets) = (new ulong[capacity], new uint[capacity]);
        for (var index = 0; index < Count; index++)
        {
            (hashes[index], offsets[index]) = (_hashes[PlaceAt(index)], _offsets[PlaceAt(index)]);
        }

        (_hashes, _offsets, _oldest) = (hashes, offsets, 0);
        _table = new int[BitOperations.RoundUpToPowerOf2((uint)(capacity + (capacity / 3) + 1))];
        for (var place = 0; place < Count; place++)
        {
            Insert(_hashes[place], place);
        }
    }
}
