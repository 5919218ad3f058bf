using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Sends a block nobody asked for as soon as it can.</summary>
internal sealed class SendsUnasked : Misbehavior
{
    public override void Opened(RawConnection connection)
    {
        base.Opened(connection);
        connection.SendBlock(new BlockRequest(0, 0, Math.Min(BlockRequest.BlockSize, connection.Peer.Metainfo.PieceLengthOf(0))));
    }
}
