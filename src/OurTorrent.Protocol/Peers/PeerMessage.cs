namespace OurTorrent.Protocol.Peers;

/// <summary>
/// A message as <see cref="PeerWireDecoder.Read"/> hands it out. It points into the input or the decoder's own memory and is
/// good until the next call.
/// </summary>
public readonly ref struct PeerMessage
{
    internal PeerMessage(PeerMessageType type, ReadOnlySpan<byte> body)
    {
        Type = type;
        Body = body;
    }

    internal PeerMessage(BlockRequest block, int position, ReadOnlySpan<byte> fragment)
    {
        Type = PeerMessageType.Piece;
        Block = block;
        Position = position;
        Body = fragment;
    }

    /// <summary>The kind of message.</summary>
    public PeerMessageType Type { get; }

    /// <summary>What follows the message id; of a <c>piece</c> message, the fragment of the block that came just now.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The block a <c>piece</c> message carries, whole, however much of it has come.</summary>
    public BlockRequest Block { get; }

    /// <summary>Where in the block the fragment belongs, in bytes; at the end of a block, its length.</summary>
    public int Position { get; }

    /// <summary>Reads the piece of <c>have</c>, <c>suggest</c> and <c>allowed fast</c> (BEP 3, BEP 6).</summary>
    /// <param name="piece">The index of the piece; not checked against the torrent.</param>
    /// <returns>Whether it is such a message and the index is not negative.</returns>
    public bool TryGetPiece(out int piece)
    {
        piece = 0;
        if (Type is not (PeerMessageType.Have or PeerMessageType.Suggest or PeerMessageType.AllowedFast) || Body.Length != 4)
            return false;

        piece = BinaryPrimitives.ReadInt32BigEndian(Body);
        return piece >= 0;
    }

    /// <summary>Reads the block of <c>request</c>, <c>cancel</c> and <c>reject</c> (BEP 3, BEP 6).</summary>
    /// <param name="request">The block; not checked against the torrent.</param>
    /// <returns>Whether it is such a message and no field is negative nor the length zero.</returns>
    public bool TryGetRequest(out BlockRequest request)
    {
        request = default;
        return Type is PeerMessageType.Request or PeerMessageType.Cancel or PeerMessageType.Reject
            && BlockRequest.TryParse(Body, out request);
    }

    /// <summary>Reads the set of pieces of <c>bitfield</c>, <c>have all</c> and <c>have none</c> (BEP 3, BEP 6).</summary>
    /// <param name="pieceCount">The number of pieces of the torrent.</param>
    /// <param name="bitfield">A new set.</param>
    /// <returns>Whether it is such a message and fits the torrent.</returns>
    public bool TryGetBitfield(int pieceCount, [NotNullWhen(true)] out Bitfield? bitfield)
    {
        switch (Type)
        {
            case PeerMessageType.Bitfield:
                return Bitfield.TryParse(Body, pieceCount, out bitfield);
            case PeerMessageType.HaveAll:
                bitfield = new Bitfield(pieceCount);
                bitfield.Fill();
                return true;
            case PeerMessageType.HaveNone:
                bitfield = new Bitfield(pieceCount);
                return true;
            default:
                bitfield = null;
                return false;
        }
    }

    /// <summary>Reads the UDP port of the sender's DHT node from <c>port</c> (BEP 5).</summary>
    /// <param name="port">The port.</param>
    /// <returns>Whether it is such a message and the port is not 0.</returns>
    public bool TryGetPort(out ushort port)
    {
        port = 0;
        if (Type != PeerMessageType.Port || Body.Length != 2)
            return false;

        port = BinaryPrimitives.ReadUInt16BigEndian(Body);
        return port != 0;
    }

    /// <summary>Reads an extended message (BEP 10).</summary>
    /// <param name="id">Which one, by the ids the receiver gave out in its own handshake; 0 is the extension handshake.</param>
    /// <param name="payload">What follows the id.</param>
    /// <returns>Whether it is an extended message.</returns>
    public bool TryGetExtended(out byte id, out ReadOnlySpan<byte> payload)
    {
        id = 0;
        payload = default;
        if (Type != PeerMessageType.Extended || Body.IsEmpty)
            return false;

        id = Body[0];
        payload = Body[1..];
        return true;
    }
}
