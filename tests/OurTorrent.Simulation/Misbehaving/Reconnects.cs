using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Serves a few blocks on each connection, closes it and connects again, for ever.</summary>
/// <param name="blocks">How many blocks.</param>
internal sealed class Reconnects(int blocks) : Misbehavior
{
    private readonly Dictionary<RawConnection, int> _served = [];

    public override void Asked(RawConnection connection, BlockRequest request)
    {
        int served = _served[connection] = _served.GetValueOrDefault(connection) + 1;
        if (served <= blocks)
            connection.SendBlock(request);
        else
            connection.Close();
    }

    public override void Ended(RawConnection connection)
    {
        _served.Remove(connection);
        connection.Peer.Dial(connection.Remote);
    }
}
