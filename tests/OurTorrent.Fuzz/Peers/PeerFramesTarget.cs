using System.Text;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// The frames of the peer wire (BEP 3, 6, 10, 52) through the decoder alone, cut up in different ways. The first byte says how
/// many pieces the torrent has and where to cut.
/// </summary>
internal static class PeerFramesTarget
{
    private static readonly int[] PieceCounts = [0, 1, 8, 5000];

    public static void Check(byte[] input)
    {
        if (input.Length == 0)
            return;

        int pieces = PieceCounts[input[0] & 3];
        byte[] wire = input[1..];
        string whole = Decode(wire, pieces, wire.Length);
        Promise.Same(whole, Decode(wire, pieces, 1), "bytes that come one by one say the same");
        Promise.Same(whole, Decode(wire, pieces, (input[0] >> 2) + 2), "bytes that come in parts say the same");
        Promise.Allocates(4096 + (4L * wire.Length), () => Skim(wire, pieces, step: 7));
    }

    private static string Decode(byte[] wire, int pieces, int step)
    {
        using var decoder = new PeerWireDecoder { PieceCount = pieces };
        var said = new StringBuilder();
        int inBlock = -1;
        for (int at = 0; at <= wire.Length; at += Math.Max(step, 1))
        {
            ReadOnlySpan<byte> input = wire.AsSpan(at, Math.Min(step, wire.Length - at));
            while (true)
            {
                PeerWireStatus status = decoder.Read(ref input, out PeerMessage message);
                Promise.Same(status is PeerWireStatus.BlockBegin or PeerWireStatus.BlockData || (status == PeerWireStatus.NeedMore && inBlock >= 0), decoder.IsInBlock, "a block has begun or not");
                if (status == PeerWireStatus.Invalid)
                    return said.Append(decoder.Error).ToString();
                if (status == PeerWireStatus.NeedMore)
                    break;
                Tell(said, status, message, pieces, ref inBlock);
            }

            Promise.That(input.IsEmpty, "who needs more has used what there is");
        }

        return said.ToString();
    }

    private static void Tell(StringBuilder said, PeerWireStatus status, PeerMessage message, int pieces, ref int inBlock)
    {
        switch (status)
        {
            case PeerWireStatus.BlockBegin:
                Promise.That(inBlock < 0, "blocks do not overlap");
                Promise.That(message.Block is { Piece: >= 0, Offset: >= 0, Length: > 0 and <= BlockRequest.BlockSize }, "a block is in range");
                inBlock = 0;
                said.Append(message.Block).Append(' ');
                break;
            case PeerWireStatus.BlockData:
                Promise.Same(inBlock, message.Position, "data goes where it belongs");
                Promise.That(!message.Body.IsEmpty, "there is data");
                inBlock += message.Body.Length;
                Promise.That(inBlock <= message.Block.Length, "a block gets no longer than it said");
                said.Append(Convert.ToHexString(message.Body));
                break;
            case PeerWireStatus.BlockEnd:
                Promise.Same(message.Block.Length, inBlock, "a block is whole at its end");
                inBlock = -1;
                said.Append('\n');
                break;
            default:
                said.Append(message.Type).Append(Convert.ToHexString(message.Body)).Append('\n');
                CheckTyped(message, pieces);
                break;
        }
    }

    private static void CheckTyped(PeerMessage message, int pieces)
    {
        if (message.TryGetPiece(out int piece))
            Promise.That(piece >= 0, "a piece is not negative");
        if (message.TryGetRequest(out BlockRequest request))
            Promise.That(request is { Piece: >= 0, Offset: >= 0, Length: > 0 }, "a request is in range");
        if (message.TryGetBitfield(pieces, out Bitfield? bitfield))
            Promise.That(bitfield.Length == pieces && bitfield.Count <= pieces, "a bitfield fits the torrent");
        if (message.TryGetPort(out ushort port))
            Promise.That(port != 0, "a port is one");
        _ = message.TryGetExtended(out _, out _);
    }

    private static bool Skim(byte[] wire, int pieces, int step)
    {
        using var decoder = new PeerWireDecoder { PieceCount = pieces };
        PeerWireStatus status = PeerWireStatus.NeedMore;
        for (int at = 0; at < wire.Length && status != PeerWireStatus.Invalid; at += step)
        {
            ReadOnlySpan<byte> input = wire.AsSpan(at, Math.Min(step, wire.Length - at));
            do
                status = decoder.Read(ref input, out _);
            while (status is not (PeerWireStatus.NeedMore or PeerWireStatus.Invalid));
        }

        return status == PeerWireStatus.Invalid;
    }
}
