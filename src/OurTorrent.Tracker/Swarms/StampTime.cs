namespace OurTorrent.Tracker.Swarms;

/// <summary>Turns seconds into the ticks of <see cref="PeerStamp"/> and back.</summary>
/// <param name="Now">Seconds since 1970.</param>
/// <param name="TickSeconds">Seconds in a tick.</param>
internal readonly record struct StampTime(uint Now, uint TickSeconds)
{
    /// <summary>The tick of now.</summary>
    public uint Tick => Now / TickSeconds;

    /// <summary>When a peer was last heard of: within the tick before that.</summary>
    public uint SecondsOf(PeerStamp stamp) => (Tick - Math.Min(stamp.AgeAt(Tick), Tick)) * TickSeconds;

    /// <summary>Whether a peer that was last heard of then is still to be remembered.</summary>
    public bool IsAlive(uint seen, uint lifetimeTicks) => Tick <= TickOf(seen) + lifetimeTicks;

    /// <summary>The tick of another time.</summary>
    public uint TickOf(uint seconds) => seconds / TickSeconds;
}
