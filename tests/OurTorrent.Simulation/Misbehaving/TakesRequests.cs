using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Takes requests, and answers none; says just enough to be kept.</summary>
internal sealed class TakesRequests : Misbehavior
{
    private int _seconds;

    public override void Asked(RawConnection connection, BlockRequest request)
    {
        // One more that waits.
    }

    public override void Tick(RawConnection connection)
    {
        if (++_seconds % 60 == 0)
            connection.Send(PeerMessageWriter.WriteKeepAlive);
    }
}
