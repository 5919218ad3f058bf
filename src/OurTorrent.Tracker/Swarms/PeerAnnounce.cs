namespace OurTorrent.Tracker.Swarms;

/// <summary>What one peer says of itself, as the swarms take note of it.</summary>
/// <param name="InfoHash">The swarm.</param>
/// <param name="Peer">The address and port at which others reach it; with the swarm, this is what names the peer.</param>
/// <param name="Key">
/// What proves that a later <see cref="AnnounceEvent.Stopped"/> comes from the same client: its <c>key</c> (BEP 7, BEP 15), or a
/// digest of its peer id where it gave none.
/// </param>
/// <param name="Event">Why it announces; <see cref="AnnounceEvent.Paused"/> marks a partial seed (BEP 21).</param>
/// <param name="IsSeeder">Whether it has the whole content.</param>
public readonly record struct PeerAnnounce(InfoHash InfoHash, CompactPeer Peer, uint Key, AnnounceEvent Event, bool IsSeeder);
