namespace OurTorrent.Tracker.Swarms;

/// <summary>What came of an announce.</summary>
/// <param name="Status">Whether the peer was taken note of.</param>
/// <param name="Change">What it has changed.</param>
/// <param name="IsNewTorrent">Whether this announce has begun the swarm.</param>
/// <param name="Counts">The swarm's counts, this peer included.</param>
/// <param name="IPv4Bytes">How many bytes of IPv4 peers have been written, 6 each (BEP 23).</param>
/// <param name="IPv6Bytes">How many bytes of IPv6 peers have been written, 18 each (BEP 7).</param>
public readonly record struct AnnounceResult(
    AnnounceStatus Status, PeerChange Change, bool IsNewTorrent, SwarmCounts Counts, int IPv4Bytes, int IPv6Bytes);
