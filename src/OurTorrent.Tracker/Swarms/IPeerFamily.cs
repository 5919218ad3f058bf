namespace OurTorrent.Tracker.Swarms;

/// <summary>An address family, for code that is the same for both but must know the length of a peer when it is compiled.</summary>
internal unsafe interface IPeerFamily
{
    /// <summary>The length of a peer in compact form, in bytes.</summary>
    static abstract int Length { get; }

    /// <summary>Where a peer is among others.</summary>
    /// <param name="peers">The peers, one after the other, with at least two readable bytes after them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="peer">The peer, with at least two readable bytes after it.</param>
    /// <returns>Its index, or -1.</returns>
    static abstract int IndexOf(byte* peers, int count, byte* peer);

    /// <summary>A hash of a peer that nobody can foresee who does not know the secret.</summary>
    static abstract uint Hash(byte* peer, in HashSecret secret);
}
