using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// Hashes under random numbers that nobody outside knows, so that nobody can choose info-hashes or ports that fall into one place.
/// Each step is a multiplication to 128 bits whose halves are folded into one, as in wyhash.
/// </summary>
internal readonly struct HashSecret
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;

    public HashSecret(Random random)
    {
        // A factor must not have few bits set: half of them are, in places of its own.
        _first = Word(random);
        _second = Word(random) | 1;
        _third = Word(random) | 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong value) => Fold(Fold(value ^ _first, _second), _third);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong a, ulong b, uint c) => Fold(Fold(a ^ _first, b ^ _second) ^ c, _third);

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
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    private static ulong Word(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
}
