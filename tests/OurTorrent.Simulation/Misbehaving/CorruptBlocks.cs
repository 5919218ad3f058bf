using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Sends blocks of which some have a byte changed.</summary>
/// <param name="share">Which part of them, 0 to 1.</param>
internal sealed class CorruptBlocks(double share = 1) : Misbehavior
{
    public override void Asked(RawConnection connection, BlockRequest request) =>
        connection.SendBlock(request, isTrue: connection.Peer.Random.NextDouble() >= share);
}
