using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ClickOrleans.Pipeline;

/// <summary>
/// The secret with which users' ids are hashed to visitors: SipHash-2-4 (https://www.aumasson.jp/siphash/siphash.pdf), a keyed
/// hash with 64 bits. Who does not know the key can neither find the visitor of a user nor make two users share one. By chance
/// two of n users do so with a probability of about n²/2⁶⁵: among ten million users 3 in a million.
/// </summary>
/// <remarks>The store draws it with its tables and keeps the hashes: it must be the same in every version.</remarks>
public readonly record struct VisitorKey(ulong Low, ulong High)
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 16;

    private const int LongestOnStack = 512;

    /// <summary>Reads a key as stores keep it.</summary>
    /// <exception cref="ArgumentException">Not <see cref="Length"/> bytes.</exception>
    public static VisitorKey From(ReadOnlySpan<byte> key) => key.Length == Length
        ? new(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]))
        : throw new ArgumentException($"A visitor key has {Length} bytes.", nameof(key));

    public long Hash(string userId)
    {
        var most = Encoding.UTF8.GetMaxByteCount(userId.Length);
        Span<byte> utf8 = most <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[most];
        return Hash(utf8[..Encoding.UTF8.GetBytes(userId, utf8)]);
    }

    /// <param name="userId">UTF-8.</param>
    public long Hash(ReadOnlySpan<byte> userId)
    {
        var state = new State(this);
        var rest = userId;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        var last = (ulong)userId.Length << 56;
        for (var at = 0; at < rest.Length; at++)
        {
            last |= (ulong)rest[at] << (8 * at);
        }

        state.Absorb(last);
        return (long)state.Finish();
    }

    private struct State(VisitorKey key)
    {
        // "somepseudorandomlygeneratedbytes" in ASCII.
        private ulong _v0 = key.Low ^ 0x736f6d6570736575;
        private ulong _v1 = key.High ^ 0x646f72616e646f6d;
        private ulong _v2 = key.Low ^ 0x6c7967656e657261;
        private ulong _v3 = key.High ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v1;
            _v0 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
