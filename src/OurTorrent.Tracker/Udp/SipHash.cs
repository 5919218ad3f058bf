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
        Begin(out ulong v0, out ulong v1, out ulong v2, out ulong v3);
        ulong last = (ulong)bytes.Length << 56;
        while (bytes.Length >= sizeof(ulong))
        {
            Take(BinaryPrimitives.ReadUInt64LittleEndian(bytes), ref v0, ref v1, ref v2, ref v3);
            bytes = bytes[sizeof(ulong)..];
        }

        for (int i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        return End(last, v0, v1, v2, v3);
    }

    /// <summary>The digest of eight bytes, given as a number that has the first of them lowest.</summary>
    public ulong Of(ulong word)
    {
        Begin(out ulong v0, out ulong v1, out ulong v2, out ulong v3);
        Take(word, ref v0, ref v1, ref v2, ref v3);
        return End(8UL << 56, v0, v1, v2, v3);
    }

    /// <summary>The digest of 24 bytes, given likewise.</summary>
    public ulong Of(ulong first, ulong second, ulong third)
    {
        Begin(out ulong v0, out ulong v1, out ulong v2, out ulong v3);
        Take(first, ref v0, ref v1, ref v2, ref v3);
        Take(second, ref v0, ref v1, ref v2, ref v3);
        Take(third, ref v0, ref v1, ref v2, ref v3);
        return End(24UL << 56, v0, v1, v2, v3);
    }

    // Four variables and not a struct: as such they live in registers, which takes a third of the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(out ulong v0, out ulong v1, out ulong v2, out ulong v3)
    {
        v0 = _k0 ^ 0x736f6d6570736575;
        v1 = _k1 ^ 0x646f72616e646f6d;
        v2 = _k0 ^ 0x6c7967656e657261;
        v3 = _k1 ^ 0x7465646279746573;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong End(ulong last, ulong v0, ulong v1, ulong v2, ulong v3)
    {
        Take(last, ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xff;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
