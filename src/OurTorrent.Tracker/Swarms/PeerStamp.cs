namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// One byte for each peer: when it was last heard of, in ticks of a thirtieth of a peer's lifetime modulo 128, and whether it is a
/// partial seed.
/// </summary>
internal readonly record struct PeerStamp
{
    /// <summary>The greatest age that can be told.</summary>
    public const int MaxAge = 127;

    private const int TickBits = 0x7f;
    private const int PartialBit = 0x80;
    private readonly byte _bits;

    public PeerStamp(uint tick, bool isPartialSeed) => _bits = (byte)((tick & TickBits) | (isPartialSeed ? PartialBit : 0u));

    public bool IsPartialSeed => (_bits & PartialBit) != 0;

    /// <summary>How many ticks have passed since; right for up to 127.</summary>
    public uint AgeAt(uint tick) => (tick - _bits) & TickBits;
}
