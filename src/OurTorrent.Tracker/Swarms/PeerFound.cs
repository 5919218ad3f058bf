namespace OurTorrent.Tracker.Swarms;

/// <summary>A peer that was looked for.</summary>
/// <param name="kind">What it is; <see cref="PeerKind.Gone"/> if it is not there.</param>
/// <param name="slot">Where it is.</param>
internal readonly ref struct PeerFound(PeerKind kind, PeerSlot slot)
{
    public readonly PeerKind Kind = kind;
    public readonly PeerSlot Slot = slot;
}
