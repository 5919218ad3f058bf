using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>Random numbers for drawing peers: fast, fair, and of no use to hide anything (xorshift64*).</summary>
internal struct XorShift(ulong seed)
{
    private ulong _state = seed == 0 ? 1 : seed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (uint)((_state * 0x2545_F491_4F6C_DD1D) >> 32);
    }

    /// <summary>A number from 0 to one less than the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Below(uint bound) => (uint)(((ulong)Next() * bound) >> 32);

    /// <summary>A number from 0 to less than 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Fraction() => Next() * (1.0 / (1UL << 32));

    /// <summary>A prime that is larger than any table has pages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Prime() => Primes[(int)(Next() & 15)];

    private static ReadOnlySpan<uint> Primes =>
    [
        3_538_334_777, 2_767_054_501, 3_983_978_623, 2_315_877_527, 3_210_981_251, 2_735_576_959,
        3_931_168_589, 2_795_684_029, 3_486_879_167, 4_203_149_219, 3_028_875_383, 3_105_440_323,
        2_985_629_447, 3_175_645_861, 3_626_158_967, 4_068_311_881,
    ];
}
