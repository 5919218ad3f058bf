using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Requests;

/// <summary>A peer that has come, completed its download or left.</summary>
/// <param name="InfoHash">The swarm.</param>
/// <param name="Peer">The peer.</param>
/// <param name="PeerId">The id it announces with (BEP 20).</param>
/// <param name="IsSeeder">Whether it says that it has the whole content, also as it leaves.</param>
/// <param name="Change">What it did; never <see cref="PeerChange.None"/>. Peers that merely fall silent are not told of.</param>
public readonly record struct PeerEvent(InfoHash InfoHash, CompactPeer Peer, PeerId PeerId, bool IsSeeder, PeerChange Change);
