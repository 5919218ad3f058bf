using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Serves a number of blocks, and is then gone from the network without a word.</summary>
/// <param name="blocks">How many.</param>
internal sealed class Vanishes(int blocks) : Misbehavior
{
    public override void Asked(RawConnection connection, BlockRequest request)
    {
        if (connection.Peer.BlocksSent < blocks)
            connection.SendBlock(request);
        else
            connection.Peer.Host.Network.Isolate(connection.Peer.Host);
    }
}
