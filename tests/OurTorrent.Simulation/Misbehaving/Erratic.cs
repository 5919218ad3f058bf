using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Says anything the protocol has, at any time: serves, refuses, forgets, deceives, chokes, asks and takes back as chance has it.</summary>
/// <param name="isFast">Whether it knows the Fast extension (BEP 6).</param>
internal sealed class Erratic(bool isFast) : Misbehavior
{
    private readonly Dictionary<RawConnection, BlockRequest> _forgotten = [];

    public override PeerCapabilities Capabilities => isFast ? PeerCapabilities.Fast : PeerCapabilities.None;

    public override void Opened(RawConnection connection)
    {
        if (isFast)
        {
            base.Opened(connection);
            return;
        }

        var all = new Bitfield(connection.Peer.Metainfo.PieceCount);
        all.Fill();
        connection.Send(writer => PeerMessageWriter.WriteBitfield(writer, all));
    }

    public override void Interested(RawConnection connection)
    {
        if (connection.Peer.Random.Next(3) > 0)
            base.Interested(connection);
    }

    public override void Asked(RawConnection connection, BlockRequest request)
    {
        switch (connection.Peer.Random.Next(20))
        {
            case 0:
                connection.SendBlock(request, isTrue: false);
                break;
            case 1:
                _forgotten[connection] = request;
                break;
            case 2 or 3 when isFast:
                connection.Send(writer => PeerMessageWriter.WriteReject(writer, request));
                break;
            case 4:
                connection.Send(PeerMessageWriter.WriteChoke);
                connection.SendBlock(request);
                break;
            case 5:
                // The protocol does not want it twice.
                connection.SendBlock(request);
                connection.SendBlock(request);
                break;
            default:
                connection.SendBlock(request);
                break;
        }
    }

    public override void Tick(RawConnection connection)
    {
        Random random = connection.Peer.Random;
        int piece = random.Next(connection.Peer.Metainfo.PieceCount);
        var block = new BlockRequest(piece, 0, Math.Min(BlockRequest.BlockSize, connection.Peer.Metainfo.PieceLengthOf(piece)));
        switch (random.Next(12))
        {
            case 0:
                connection.Send(PeerMessageWriter.WriteChoke);
                break;
            case 1 or 2:
                connection.Send(PeerMessageWriter.WriteUnchoke);
                break;
            case 3:
                connection.Send(random.Next(2) == 0 ? PeerMessageWriter.WriteInterested : PeerMessageWriter.WriteNotInterested);
                break;
            case 4:
                connection.Send(writer => PeerMessageWriter.WriteHave(writer, piece));
                break;
            case 5:
                connection.Send(writer => PeerMessageWriter.WriteRequest(writer, block));
                break;
            case 6:
                connection.Send(writer => PeerMessageWriter.WriteCancel(writer, block));
                break;
            case 7 when isFast:
                connection.Send(writer => PeerMessageWriter.WriteAllowedFast(writer, piece));
                break;
            case 8 when isFast:
                connection.Send(writer => PeerMessageWriter.WriteSuggest(writer, piece));
                break;
            case 9 when isFast:
                connection.Send(writer => PeerMessageWriter.WriteReject(writer, block));
                break;
            case 10 when _forgotten.Remove(connection, out BlockRequest late):
                connection.SendBlock(late);
                break;
            case 11 when random.Next(20) == 0:
                connection.Close();
                break;
        }
    }

    public override void Ended(RawConnection connection) => _forgotten.Remove(connection);
}
