using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

/// <summary>What a decoder makes of a stream: one line a message, blocks joined again.</summary>
internal sealed record DecodedStream(IReadOnlyList<string> Events, PeerWireError Error)
{
    public static DecodedStream Read(ReadOnlySpan<byte> wire, int pieceCount = 0, params ReadOnlySpan<int> cuts)
    {
        using var decoder = new PeerWireDecoder { PieceCount = pieceCount };
        var events = new List<string>();
        var block = new List<byte>();
        int start = 0;
        foreach (int cut in (ReadOnlySpan<int>)[.. cuts, wire.Length])
        {
            ReadOnlySpan<byte> input = wire[start..cut];
            start = cut;
            PeerWireStatus status;
            do
            {
                status = decoder.Read(ref input, out PeerMessage message);
                switch (status)
                {
                    case PeerWireStatus.Message:
                        events.Add($"{message.Type} {Convert.ToHexString(message.Body)}");
                        break;
                    case PeerWireStatus.BlockBegin:
                        Assert.Empty(block);
                        break;
                    case PeerWireStatus.BlockData:
                        Assert.Equal(block.Count, message.Position);
                        Assert.False(message.Body.IsEmpty);
                        block.AddRange(message.Body);
                        break;
                    case PeerWireStatus.BlockEnd:
                        Assert.Equal(message.Block.Length, block.Count);
                        events.Add($"{message.Block} {Convert.ToHexString([.. block])}");
                        block.Clear();
                        break;
                    case PeerWireStatus.NeedMore:
                        Assert.True(input.IsEmpty);
                        break;
                }
            }
            while (status is not (PeerWireStatus.NeedMore or PeerWireStatus.Invalid));

            if (status == PeerWireStatus.Invalid)
                break;
        }

        return new DecodedStream(events, decoder.Error);
    }
}
