using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Puts peers that misbehave into a <see cref="SwarmWorld"/>.</summary>
internal static class MisbehavingPeers
{
    /// <summary>Adds a peer, of which the tracker knows.</summary>
    /// <param name="world">The world.</param>
    /// <param name="behavior">What the peer does.</param>
    /// <param name="link">How it is connected.</param>
    public static RawPeer AddRaw(this SwarmWorld world, Misbehavior behavior, HostOptions? link = null)
    {
        var peer = new RawPeer(world.Simulator, world.AddHost(link ?? new HostOptions()), world.Content, behavior);
        world.Tracker.Register(world.Content.Metainfo.InfoHashes.Wire, peer.EndPoint, isSeeder: true);
        return peer;
    }
}
