using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Says it has everything, and refuses whatever it is asked for (BEP 6).</summary>
internal sealed class Lies : Misbehavior
{
    public override void Asked(RawConnection connection, BlockRequest request) =>
        connection.Send(writer => PeerMessageWriter.WriteReject(writer, request));
}
