using System.Buffers;
using System.Buffers.Binary;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>The other end of a connection: says what the script wants, and holds the engine to what it may say.</summary>
internal sealed class FuzzPeer
{
    private const int PrefixLength = 4;
    private const int RequestLength = 17;
    private const int MaxAllowedFast = 10;

    private readonly FuzzTorrent _torrent;
    private readonly FuzzSocket _socket;
    private readonly Func<int, bool> _isVerified;
    private readonly ArrayBufferWriter<byte> _message = new();
    private byte[] _heard = new byte[512];
    private int _heardLength;
    private bool _isGreeted;
    private bool _amFast;
    private bool _speaksExtensions;
    private bool _hasSaidPieces;
    private int _answers;
    private int _allowedFast;
    private long _bytesSaid;

    /// <summary>Takes the other end of a socket of the engine.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="socket">The engine's end.</param>
    /// <param name="isVerified">Whether the engine has a piece, and it is on its disk as it should be.</param>
    public FuzzPeer(FuzzTorrent torrent, FuzzSocket socket, Func<int, bool> isVerified)
    {
        _torrent = torrent;
        _socket = socket;
        _isVerified = isVerified;
        socket.WhenSent = Hear;
    }

    public FuzzSocket Socket => _socket;

    /// <summary>What the engine has asked for and was not answered, oldest first.</summary>
    public List<BlockRequest> Requests { get; } = [];

    /// <summary>How many blocks the engine has sent.</summary>
    public int BlocksReceived { get; private set; }

    /// <summary>Whether the engine chokes us.</summary>
    public bool IsChoked { get; private set; } = true;

    /// <summary>Whether the engine wants something of us.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>The pieces the engine has told of.</summary>
    public HashSet<int> Has { get; } = [];

    private int PieceCount => _torrent.Metainfo.PieceCount;

    public void Greet(PeerCapabilities capabilities, InfoHash infoHash, PeerId id)
    {
        _amFast |= capabilities.HasFlag(PeerCapabilities.Fast);
        _speaksExtensions |= capabilities.HasFlag(PeerCapabilities.ExtensionProtocol);
        Span<byte> handshake = stackalloc byte[PeerHandshake.WireLength];
        new PeerHandshake(capabilities, infoHash, id).Write(handshake);
        SayRaw(handshake);
    }

    public void SayRaw(ReadOnlySpan<byte> bytes)
    {
        // Whatever the bytes say, it counts as said: they may be a handshake, and they may be requests.
        if (!_isGreeted)
            _amFast = _speaksExtensions = true;
        _bytesSaid += bytes.Length;
        _socket.Arrive(bytes);
    }

    public void Say(Action<IBufferWriter<byte>> write)
    {
        _message.ResetWrittenCount();
        write(_message);
        _bytesSaid += _message.WrittenCount;
        _socket.Arrive(_message.WrittenSpan);
    }

    public void Say(byte type, ReadOnlySpan<byte> body)
    {
        Span<byte> head = stackalloc byte[PrefixLength + 1];
        BinaryPrimitives.WriteInt32BigEndian(head, body.Length + 1);
        head[PrefixLength] = type;
        _bytesSaid += head.Length + body.Length;
        _socket.Arrive(head);
        _socket.Arrive(body);
    }

    public void SayHaveAll()
    {
        if (_amFast)
        {
            Say(PeerMessageWriter.WriteHaveAll);
            return;
        }

        var all = new Bitfield(PieceCount);
        all.Fill();
        Say(writer => PeerMessageWriter.WriteBitfield(writer, all));
    }

    /// <summary>Answers the oldest request of the engine.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Serve(bool corrupt)
    {
        if (Requests.Count == 0)
            return false;

        BlockRequest request = Requests[0];
        Requests.RemoveAt(0);
        Say(writer =>
        {
            PeerMessageWriter.WritePieceHeader(writer, request);
            Span<byte> block = writer.GetSpan(request.Length)[..request.Length];
            _torrent.BlockOf(request).CopyTo(block);
            if (corrupt)
                block[request.Offset % block.Length] ^= 1;
            writer.Advance(request.Length);
        });
        return true;
    }

    /// <summary>Refuses the oldest request of the engine.</summary>
    public void Refuse()
    {
        if (Requests.Count == 0)
            return;

        BlockRequest request = Requests[0];
        Requests.RemoveAt(0);
        Say(writer => PeerMessageWriter.WriteReject(writer, request));
    }

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        if (_heardLength + bytes.Length > _heard.Length)
            Array.Resize(ref _heard, Math.Max(_heard.Length * 2, _heardLength + bytes.Length));
        bytes.CopyTo(_heard.AsSpan(_heardLength));
        _heardLength += bytes.Length;
        int used = 0;
        while (TryTake(_heard.AsSpan(used, _heardLength - used), out int length))
        {
            Understand(_heard.AsSpan(used, length));
            used += length;
        }

        _heard.AsSpan(used, _heardLength - used).CopyTo(_heard);
        _heardLength -= used;
    }

    private bool TryTake(ReadOnlySpan<byte> heard, out int length)
    {
        length = PeerHandshake.WireLength;
        if (_isGreeted)
        {
            if (heard.Length < PrefixLength)
                return false;

            length = PrefixLength + BinaryPrimitives.ReadInt32BigEndian(heard);
            Promise.That(length is >= PrefixLength and <= PrefixLength + 9 + BlockRequest.BlockSize, "the engine sends frames of a sensible length");
        }

        return heard.Length >= length;
    }

    private void Understand(ReadOnlySpan<byte> heard)
    {
        if (!_isGreeted)
        {
            Promise.That(PeerHandshake.TryParse(heard, out PeerHandshake handshake), "the engine begins with a handshake");
            Promise.That(_torrent.Metainfo.InfoHashes.Matches(handshake.InfoHash), "the engine greets with the torrent's info-hash");
            _isGreeted = true;
        }
        else if (heard.Length > PrefixLength)
        {
            Understand((PeerMessageType)heard[PrefixLength], heard[(PrefixLength + 1)..]);
        }
    }

    private void Understand(PeerMessageType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case PeerMessageType.Choke or PeerMessageType.Unchoke:
                Promise.That(body.IsEmpty && IsChoked == (type == PeerMessageType.Unchoke), "the engine chokes and unchokes in turn");
                IsChoked = type == PeerMessageType.Choke;
                break;
            case PeerMessageType.Interested or PeerMessageType.NotInterested:
                Promise.That(body.IsEmpty && IsWanted == (type == PeerMessageType.NotInterested), "the engine says once what it wants");
                IsWanted = type == PeerMessageType.Interested;
                break;
            case PeerMessageType.HaveAll or PeerMessageType.HaveNone or PeerMessageType.Bitfield:
                HearPieces(type, body);
                break;
            case PeerMessageType.Have:
                int piece = PieceIn(body);
                Promise.That(_isVerified(piece), "the engine tells of pieces that it has verified");
                Has.Add(piece);
                break;
            case PeerMessageType.Request:
                Requests.Add(BlockIn(body));
                break;
            case PeerMessageType.Cancel:
                BlockIn(body);
                break;
            case PeerMessageType.Piece:
                HearBlock(body);
                break;
            case PeerMessageType.Reject:
                Promise.That(_amFast, "the engine refuses those only who know what that is");
                Promise.That(BlockRequest.TryParse(body, out _), "the engine refuses a block");
                CountAnswer();
                break;
            case PeerMessageType.AllowedFast:
                Promise.That(_amFast && ++_allowedFast <= MaxAllowedFast && _isVerified(PieceIn(body)), "the engine allows a few pieces that it has");
                break;
            case PeerMessageType.Extended:
                Promise.That(_speaksExtensions && body.Length > 0, "the engine sends extended messages to those who know them");
                break;
            default:
                throw new BrokenPromiseException($"the engine sends {type}");
        }
    }

    private void HearPieces(PeerMessageType type, ReadOnlySpan<byte> body)
    {
        Promise.That(!_hasSaidPieces, "the engine says once what it has");
        Promise.That(_amFast || type == PeerMessageType.Bitfield, "the engine says what it has in words that are known");
        _hasSaidPieces = true;
        var have = new Bitfield(PieceCount);
        if (type == PeerMessageType.HaveAll)
        {
            have.Fill();
        }
        else if (type == PeerMessageType.Bitfield)
        {
            Promise.That(Bitfield.TryParse(body, PieceCount, out Bitfield? said), "the engine's bitfield fits the torrent");
            have = said;
        }

        for (int piece = 0; piece < PieceCount; piece++)
        {
            Promise.That(!have[piece] || _isVerified(piece), "the engine says it has what it has verified");
            if (have[piece])
                Has.Add(piece);
        }
    }

    private void HearBlock(ReadOnlySpan<byte> body)
    {
        Promise.That(body.Length > 8, "the engine sends blocks with content");
        var block = new BlockRequest(BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]), body.Length - 8);
        Promise.That(_torrent.Contains(block) && _isVerified(block.Piece), "the engine sends what it has verified");
        Promise.That(body[8..].SequenceEqual(_torrent.BlockOf(block)), "the engine sends the right content");
        BlocksReceived++;
        CountAnswer();
    }

    private void CountAnswer() =>
        Promise.That(++_answers <= _bytesSaid / RequestLength, "the engine answers a request once");

    private int PieceIn(ReadOnlySpan<byte> body)
    {
        Promise.That(body.Length == sizeof(int), "the engine names a piece");
        int piece = BinaryPrimitives.ReadInt32BigEndian(body);
        Promise.That(piece >= 0 && piece < PieceCount, "the engine names a piece of the torrent");
        return piece;
    }

    private BlockRequest BlockIn(ReadOnlySpan<byte> body)
    {
        Promise.That(BlockRequest.TryParse(body, out BlockRequest block), "the engine names a block");
        Promise.That(block.Piece < PieceCount && block.Offset % BlockRequest.BlockSize == 0, "the engine asks for whole blocks");
        int length = Math.Min(BlockRequest.BlockSize, _torrent.Metainfo.PieceLengthOf(block.Piece) - block.Offset);
        Promise.Same(length, block.Length, "the engine asks for whole blocks");
        return block;
    }
}
