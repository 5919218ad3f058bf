using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Asks for the same blocks over and over, and says again and again what it has.</summary>
/// <param name="messagesPerSecond">How many of each kind.</param>
internal sealed class Floods(int messagesPerSecond) : Misbehavior
{
    public override void Opened(RawConnection connection) => connection.Send(PeerMessageWriter.WriteInterested);

    public override void Interested(RawConnection connection)
    {
        // It takes and does not give.
    }

    public override void Tick(RawConnection connection)
    {
        if (!connection.IsIdle)
            return;
        int pieces = connection.Peer.Metainfo.PieceCount;
        var block = new BlockRequest(connection.Peer.Random.Next(pieces - 1), 0, BlockRequest.BlockSize);
        connection.Send(writer =>
        {
            for (int i = 0; i < messagesPerSecond; i++)
            {
                PeerMessageWriter.WriteRequest(writer, block);
                PeerMessageWriter.WriteHave(writer, i % pieces);
            }
        });
    }
}
