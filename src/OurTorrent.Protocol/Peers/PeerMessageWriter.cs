namespace OurTorrent.Protocol.Peers;

/// <summary>
/// Writes the messages between peers (BEP 3, 5, 6, 10). Each method has a form for a span, which must hold the named number of
/// bytes, and returns that number; and one for a buffer writer, so that many messages leave in one send.
/// </summary>
public static class PeerMessageWriter
{
    /// <summary>The length of <c>keep-alive</c> on the wire, in bytes.</summary>
    public const int KeepAliveLength = 4;

    /// <summary>The length of <c>choke</c>, <c>unchoke</c>, <c>interested</c>, <c>not interested</c>, <c>have all</c> and <c>have none</c>.</summary>
    public const int EmptyLength = 5;

    /// <summary>The length of <c>have</c>, <c>suggest</c> and <c>allowed fast</c>.</summary>
    public const int PieceIndexLength = 9;

    /// <summary>The length of <c>request</c>, <c>cancel</c> and <c>reject</c>.</summary>
    public const int RequestLength = 17;

    /// <summary>The length of what goes before the block in <c>piece</c>.</summary>
    public const int PieceHeaderLength = 13;

    /// <summary>The length of <c>port</c>.</summary>
    public const int PortLength = 7;

    /// <summary>The length of what goes before the payload in an extended message.</summary>
    public const int ExtendedHeaderLength = 6;

    private const int BitfieldHeaderLength = 5;

    /// <summary>The length of <c>bitfield</c>.</summary>
    /// <param name="pieceCount">The number of pieces of the torrent.</param>
    public static int BitfieldLengthOf(int pieceCount) => BitfieldHeaderLength + Bitfield.WireLengthOf(pieceCount);

    /// <summary>Writes a keep-alive (BEP 3).</summary>
    /// <param name="destination">At least <see cref="KeepAliveLength"/> bytes.</param>
    public static int WriteKeepAlive(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, 0);
        return KeepAliveLength;
    }

    /// <inheritdoc cref="WriteKeepAlive(Span{byte})"/>
    public static void WriteKeepAlive(IBufferWriter<byte> writer) =>
        writer.Advance(WriteKeepAlive(writer.GetSpan(KeepAliveLength)));

    /// <summary>Writes <c>choke</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="EmptyLength"/> bytes.</param>
    public static int WriteChoke(Span<byte> destination) => WriteEmpty(destination, PeerMessageType.Choke);

    /// <inheritdoc cref="WriteChoke(Span{byte})"/>
    public static void WriteChoke(IBufferWriter<byte> writer) => WriteEmpty(writer, PeerMessageType.Choke);

    /// <summary>Writes <c>unchoke</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="EmptyLength"/> bytes.</param>
    public static int WriteUnchoke(Span<byte> destination) => WriteEmpty(destination, PeerMessageType.Unchoke);

    /// <inheritdoc cref="WriteUnchoke(Span{byte})"/>
    public static void WriteUnchoke(IBufferWriter<byte> writer) => WriteEmpty(writer, PeerMessageType.Unchoke);

    /// <summary>Writes <c>interested</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="EmptyLength"/> bytes.</param>
    public static int WriteInterested(Span<byte> destination) => WriteEmpty(destination, PeerMessageType.Interested);

    /// <inheritdoc cref="WriteInterested(Span{byte})"/>
    public static void WriteInterested(IBufferWriter<byte> writer) => WriteEmpty(writer, PeerMessageType.Interested);

    /// <summary>Writes <c>not interested</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="EmptyLength"/> bytes.</param>
    public static int WriteNotInterested(Span<byte> destination) => WriteEmpty(destination, PeerMessageType.NotInterested);

    /// <inheritdoc cref="WriteNotInterested(Span{byte})"/>
    public static void WriteNotInterested(IBufferWriter<byte> writer) => WriteEmpty(writer, PeerMessageType.NotInterested);

    /// <summary>Writes <c>have all</c> (BEP 6).</summary>
    /// <param name="destination">At least <see cref="EmptyLength"/> bytes.</param>
    public static int WriteHaveAll(Span<byte> destination) => WriteEmpty(destination, PeerMessageType.HaveAll);

    /// <inheritdoc cref="WriteHaveAll(Span{byte})"/>
    public static void WriteHaveAll(IBufferWriter<byte> writer) => WriteEmpty(writer, PeerMessageType.HaveAll);

    /// <summary>Writes <c>have none</c> (BEP 6).</summary>
    /// <param name="destination">At least <see cref="EmptyLength"/> bytes.</param>
    public static int WriteHaveNone(Span<byte> destination) => WriteEmpty(destination, PeerMessageType.HaveNone);

    /// <inheritdoc cref="WriteHaveNone(Span{byte})"/>
    public static void WriteHaveNone(IBufferWriter<byte> writer) => WriteEmpty(writer, PeerMessageType.HaveNone);

    /// <summary>Writes <c>have</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="PieceIndexLength"/> bytes.</param>
    /// <param name="piece">The index of the piece.</param>
    public static int WriteHave(Span<byte> destination, int piece) => WritePieceIndex(destination, PeerMessageType.Have, piece);

    /// <inheritdoc cref="WriteHave(Span{byte}, int)"/>
    public static void WriteHave(IBufferWriter<byte> writer, int piece) =>
        WritePieceIndex(writer, PeerMessageType.Have, piece);

    /// <summary>Writes <c>suggest</c> (BEP 6).</summary>
    /// <param name="destination">At least <see cref="PieceIndexLength"/> bytes.</param>
    /// <param name="piece">The index of the piece.</param>
    public static int WriteSuggest(Span<byte> destination, int piece) =>
        WritePieceIndex(destination, PeerMessageType.Suggest, piece);

    /// <inheritdoc cref="WriteSuggest(Span{byte}, int)"/>
    public static void WriteSuggest(IBufferWriter<byte> writer, int piece) =>
        WritePieceIndex(writer, PeerMessageType.Suggest, piece);

    /// <summary>Writes <c>allowed fast</c> (BEP 6).</summary>
    /// <param name="destination">At least <see cref="PieceIndexLength"/> bytes.</param>
    /// <param name="piece">The index of the piece.</param>
    public static int WriteAllowedFast(Span<byte> destination, int piece) =>
        WritePieceIndex(destination, PeerMessageType.AllowedFast, piece);

    /// <inheritdoc cref="WriteAllowedFast(Span{byte}, int)"/>
    public static void WriteAllowedFast(IBufferWriter<byte> writer, int piece) =>
        WritePieceIndex(writer, PeerMessageType.AllowedFast, piece);

    /// <summary>Writes <c>request</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="RequestLength"/> bytes.</param>
    /// <param name="request">The block asked for.</param>
    public static int WriteRequest(Span<byte> destination, BlockRequest request) =>
        WriteBlockRequest(destination, PeerMessageType.Request, request);

    /// <inheritdoc cref="WriteRequest(Span{byte}, BlockRequest)"/>
    public static void WriteRequest(IBufferWriter<byte> writer, BlockRequest request) =>
        WriteBlockRequest(writer, PeerMessageType.Request, request);

    /// <summary>Writes <c>cancel</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="RequestLength"/> bytes.</param>
    /// <param name="request">The block no longer needed.</param>
    public static int WriteCancel(Span<byte> destination, BlockRequest request) =>
        WriteBlockRequest(destination, PeerMessageType.Cancel, request);

    /// <inheritdoc cref="WriteCancel(Span{byte}, BlockRequest)"/>
    public static void WriteCancel(IBufferWriter<byte> writer, BlockRequest request) =>
        WriteBlockRequest(writer, PeerMessageType.Cancel, request);

    /// <summary>Writes <c>reject</c> (BEP 6).</summary>
    /// <param name="destination">At least <see cref="RequestLength"/> bytes.</param>
    /// <param name="request">The request that will not be answered.</param>
    public static int WriteReject(Span<byte> destination, BlockRequest request) =>
        WriteBlockRequest(destination, PeerMessageType.Reject, request);

    /// <inheritdoc cref="WriteReject(Span{byte}, BlockRequest)"/>
    public static void WriteReject(IBufferWriter<byte> writer, BlockRequest request) =>
        WriteBlockRequest(writer, PeerMessageType.Reject, request);

    /// <summary>Writes what goes before the block in <c>piece</c> (BEP 3); the bytes of the block must follow.</summary>
    /// <param name="destination">At least <see cref="PieceHeaderLength"/> bytes.</param>
    /// <param name="block">The block that will follow.</param>
    public static int WritePieceHeader(Span<byte> destination, BlockRequest block)
    {
        WriteFrame(destination, PieceHeaderLength + block.Length, PeerMessageType.Piece);
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], block.Piece);
        BinaryPrimitives.WriteInt32BigEndian(destination[9..], block.Offset);
        return PieceHeaderLength;
    }

    /// <inheritdoc cref="WritePieceHeader(Span{byte}, BlockRequest)"/>
    public static void WritePieceHeader(IBufferWriter<byte> writer, BlockRequest block) =>
        writer.Advance(WritePieceHeader(writer.GetSpan(PieceHeaderLength), block));

    /// <summary>Writes <c>bitfield</c> (BEP 3).</summary>
    /// <param name="destination">At least <see cref="BitfieldLengthOf"/> bytes.</param>
    /// <param name="pieces">The pieces the sender has.</param>
    public static int WriteBitfield(Span<byte> destination, Bitfield pieces)
    {
        int length = BitfieldLengthOf(pieces.Length);
        WriteFrame(destination, length, PeerMessageType.Bitfield);
        pieces.Span.CopyTo(destination[BitfieldHeaderLength..]);
        return length;
    }

    /// <inheritdoc cref="WriteBitfield(Span{byte}, Bitfield)"/>
    public static void WriteBitfield(IBufferWriter<byte> writer, Bitfield pieces) =>
        writer.Advance(WriteBitfield(writer.GetSpan(BitfieldLengthOf(pieces.Length)), pieces));

    /// <summary>Writes <c>port</c> (BEP 5).</summary>
    /// <param name="destination">At least <see cref="PortLength"/> bytes.</param>
    /// <param name="port">The UDP port of the sender's DHT node.</param>
    public static int WritePort(Span<byte> destination, ushort port)
    {
        WriteFrame(destination, PortLength, PeerMessageType.Port);
        BinaryPrimitives.WriteUInt16BigEndian(destination[5..], port);
        return PortLength;
    }

    /// <inheritdoc cref="WritePort(Span{byte}, ushort)"/>
    public static void WritePort(IBufferWriter<byte> writer, ushort port) =>
        writer.Advance(WritePort(writer.GetSpan(PortLength), port));

    /// <summary>Writes what goes before the payload in an extended message (BEP 10); the payload must follow.</summary>
    /// <param name="destination">At least <see cref="ExtendedHeaderLength"/> bytes.</param>
    /// <param name="id">The id the receiver gave the message in its extension handshake; 0 for the handshake itself.</param>
    /// <param name="payloadLength">The length of what will follow, in bytes.</param>
    public static int WriteExtendedHeader(Span<byte> destination, byte id, int payloadLength)
    {
        WriteFrame(destination, ExtendedHeaderLength + payloadLength, PeerMessageType.Extended);
        destination[5] = id;
        return ExtendedHeaderLength;
    }

    /// <summary>Writes an extended message (BEP 10).</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The id the receiver gave the message in its extension handshake; 0 for the handshake itself.</param>
    /// <param name="payload">What follows the id.</param>
    public static void WriteExtended(IBufferWriter<byte> writer, byte id, ReadOnlySpan<byte> payload)
    {
        writer.Advance(WriteExtendedHeader(writer.GetSpan(ExtendedHeaderLength), id, payload.Length));
        writer.Write(payload);
    }

    private static void WriteFrame(Span<byte> destination, int wireLength, PeerMessageType type)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, wireLength - sizeof(int));
        destination[4] = (byte)type;
    }

    private static int WriteEmpty(Span<byte> destination, PeerMessageType type)
    {
        WriteFrame(destination, EmptyLength, type);
        return EmptyLength;
    }

    private static void WriteEmpty(IBufferWriter<byte> writer, PeerMessageType type) =>
        writer.Advance(WriteEmpty(writer.GetSpan(EmptyLength), type));

    private static int WritePieceIndex(Span<byte> destination, PeerMessageType type, int piece)
    {
        WriteFrame(destination, PieceIndexLength, type);
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], piece);
        return PieceIndexLength;
    }

    private static void WritePieceIndex(IBufferWriter<byte> writer, PeerMessageType type, int piece) =>
        writer.Advance(WritePieceIndex(writer.GetSpan(PieceIndexLength), type, piece));

    private static int WriteBlockRequest(Span<byte> destination, PeerMessageType type, BlockRequest request)
    {
        WriteFrame(destination, RequestLength, type);
        request.Write(destination[5..]);
        return RequestLength;
    }

    private static void WriteBlockRequest(IBufferWriter<byte> writer, PeerMessageType type, BlockRequest request) =>
        writer.Advance(WriteBlockRequest(writer.GetSpan(RequestLength), type, request));
}
