using System.Numerics;
using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Udp;

/// <summary>SipHash-2-4: a short digest that nobody can make or guess without the key (Aumasson and Bernstein, 2012).</summary>
internal readonly struct SipHash
{
    /// <summary>The length of a key in bytes.</summary>
    public const int KeyLength = 16;

    private readonly ulong _k0;
    private readonly ulong _k1;

    /// <summary>Takes a key of <see cref="KeyLength"/> bytes.</summary>
    public SipHash(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength, nameof(key));
        _k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>The digest of any bytes.</summary>
    public ulong Of(ReadOnlySpan<byte> bytes)
    {
        var state = new State(this);
        ulong last = (ulong)bytes.Length << 56;
        while (bytes.Length >= sizeof(ulong))
        {
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        for (int i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        return state.End(last);
    }

    /// <summary>The digest of eight bytes, given as a number that has the first of them lowest.</summary>
    public ulong Of(ulong word)
    {
        var state = new State(this);
        state.Take(word);
        return state.End(8UL << 56);
    }

    /// <summary>The digest of 24 bytes, given likewise.</summary>
    public ulong Of(ulong first, ulong second, ulong third)
    {
        var state = new State(this);
        state.Take(first);
        state.Take(second);
        state.Take(third);
        return state.End(24UL << 56);
    }

    // Inlined whole, so that it lives in registers: half the time.
    private ref struct State(SipHash hash)
    {
        private ulong _v0 = hash._k0 ^ 0x736f6d6570736575;
        private ulong _v1 = hash._k1 ^ 0x646f72616e646f6d;
        private ulong _v2 = hash._k0 ^ 0x6c7967656e657261;
        private ulong _v3 = hash._k1 ^ 0x7465646279746573;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong End(ulong last)
        {
            Take(last);
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
