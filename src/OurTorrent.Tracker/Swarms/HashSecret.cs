using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// Hashes under random numbers that nobody outside knows, so that nobody can choose info-hashes or ports that fall into one place.
/// Each word goes through two multiplications by secret odd numbers, with the upper half folded down between them.
/// </summary>
internal readonly struct HashSecret
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;

    public HashSecret(Random random)
    {
        // A factor must be odd, or it loses bits.
        _first = Word(random);
        _second = Word(random) | 1;
        _third = Word(random) | 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong value) => Mix(value ^ _first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong a, ulong b, uint c) => Mix(Mix(Mix(a ^ _first) ^ b) ^ c);

    /// <summary>The hash of an info-hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(in InfoHash infoHash)
    {
        ReadOnlySpan<byte> bytes = infoHash.Span;
        return Of(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Mix(ulong value)
    {
        value *= _second;
        value ^= value >> 32;
        value *= _third;
        return value ^ (value >> 29);
    }

    private static ulong Word(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
}
