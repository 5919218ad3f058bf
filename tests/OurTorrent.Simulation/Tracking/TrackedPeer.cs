using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Simulation.Tracking;

/// <summary>What the simulation knows of a peer, whatever the tracker believes.</summary>
internal sealed class TrackedPeer
{
    public required CompactPeer Peer { get; init; }

    public required InfoHash Swarm { get; init; }

    /// <summary>When it last announced.</summary>
    public TimeSpan Heard { get; set; }

    public bool IsSeeder { get; set; }
}
