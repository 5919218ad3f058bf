using OurTorrent.Engines;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;
using OurTorrent.Swarms;

namespace OurTorrent.Peers;

// What the peer says: the handshake first, then messages.
internal sealed partial class PeerConnection
{
    private void Process(ReadOnlySpan<byte> input)
    {
        if (!IsOpen && !TryReadHandshake(ref input))
            return;

        while (CloseReason == PeerCloseReason.None)
        {
            PeerWireStatus status = _decoder!.Read(ref input, out PeerMessage message);
            switch (status)
            {
                case PeerWireStatus.NeedMore:
                    if (_out.Length - _out.ContentLength > MaxMessagesQueued)
                        Close(PeerCloseReason.ProtocolError, "does not read the answers to what it asks for");
                    else
                        Swarm!.InputProcessed(this);
                    return;
                case PeerWireStatus.BlockBegin:
                    _restOfBlock = message.Block.Length;
                    _incoming = Swarm!.BlockBegins(this, message.Block);
                    break;
                case PeerWireStatus.BlockData:
                    Downloaded.Add(_engine.Loop.Now, message.Body.Length);
                    _restOfBlock -= message.Body.Length;
                    if (_incoming is { } block)
                        message.Body.CopyTo(block.Memory.Span[message.Position..]);
                    break;
                case PeerWireStatus.BlockEnd:
                    BlockBuffer? whole = _incoming;
                    _incoming = null;
                    Swarm!.BlockEnds(this, message.Block, whole);
                    break;
                case PeerWireStatus.Message:
                    Handle(message);
                    break;
                default:
                    Close(PeerCloseReason.ProtocolError, _decoder.Error.ToString());
                    return;
            }
        }
    }

    private bool TryReadHandshake(ref ReadOnlySpan<byte> input)
    {
        int count = Math.Min(PeerHandshake.WireLength - _handshakeLength, input.Length);
        input[..count].CopyTo(_handshake.AsSpan(_handshakeLength));
        _handshakeLength += count;
        input = input[count..];
        ReadOnlySpan<byte> received = _handshake.AsSpan(0, _handshakeLength);
        if (!PeerHandshake.MayBeginWith(received))
        {
            Close(PeerCloseReason.NotBitTorrent);
            return false;
        }

        if (!PeerHandshake.TryParse(received, out PeerHandshake handshake))
            return false;

        _handshake = null;
        if (IsIncoming)
        {
            _engine.HandshakeEnded(this);
            Swarm = _engine.Find(handshake.InfoHash);
        }

        if (Swarm is null || !Swarm.Matches(handshake.InfoHash))
        {
            Close(PeerCloseReason.WrongInfoHash, handshake.InfoHash.ToString());
            return false;
        }

        PeerId = handshake.PeerId;
        Capabilities = handshake.Capabilities;
        Client = ClientNames.Of(PeerId);
        PeerCloseReason refused = Swarm.Admit(this);
        if (refused != PeerCloseReason.None)
        {
            Close(refused);
            return false;
        }

        if (IsIncoming)
            SendHandshake(handshake.InfoHash);
        Open();
        return true;
    }

    private void Open()
    {
        IsOpen = true;
        Choking = new ChokerPeer(_engine.Loop.Now, this);
        _decoder = new PeerWireDecoder { PieceCount = Swarm!.PieceCount };
        Log.PeerOpened(_engine.Logger, EndPoint);
        if (Capabilities.HasFlag(PeerCapabilities.ExtensionProtocol))
            SendExtensionHandshake();

        Bitfield have = Swarm.Have;
        if (IsFast && have.IsFull)
            PeerMessageWriter.WriteHaveAll(_out);
        else if (IsFast && have.IsEmpty)
            PeerMessageWriter.WriteHaveNone(_out);
        else if (!have.IsEmpty)
            PeerMessageWriter.WriteBitfield(_out, have);
        _engine.Flush.Now(this);
        Swarm.PeerOpened(this);
    }

    private void Handle(in PeerMessage message)
    {
        Swarm swarm = Swarm!;
        switch (message.Type)
        {
            case PeerMessageType.Choke:
                if (IsChoking)
                    break;
                IsChoking = true;
                swarm.PeerChoked(this);
                break;
            case PeerMessageType.Unchoke:
                IsChoking = false;
                break;
            case PeerMessageType.Interested or PeerMessageType.NotInterested:
                bool isInterested = message.Type == PeerMessageType.Interested;
                if (IsInterested == isInterested)
                    break;
                IsInterested = isInterested;
                swarm.PeerInterestChanged(this);
                break;
            case PeerMessageType.Have when message.TryGetPiece(out int piece) && piece < swarm.PieceCount:
                swarm.PeerHas(this, piece);
                break;
            case PeerMessageType.HaveAll or PeerMessageType.HaveNone when ++_pieceSets > MaxPieceSets:
                Close(PeerCloseReason.ProtocolError, "says again and again what it has");
                break;
            case PeerMessageType.Bitfield or PeerMessageType.HaveAll or PeerMessageType.HaveNone
                when message.TryGetBitfield(swarm.PieceCount, out Bitfield? bitfield):
                swarm.PeerHasAll(this, bitfield);
                break;
            case PeerMessageType.Request when message.TryGetRequest(out BlockRequest request):
                swarm.PeerRequests(this, request);
                break;
            case PeerMessageType.Cancel when message.TryGetRequest(out BlockRequest request):
                Cancel(request);
                break;
            case PeerMessageType.Reject when IsFast && message.TryGetRequest(out BlockRequest request):
                swarm.PeerRejects(this, request);
                break;
            case PeerMessageType.AllowedFast when IsFast && message.TryGetPiece(out int piece) && piece < swarm.PieceCount:
                swarm.PeerAllowsFast(this, piece);
                break;
            case PeerMessageType.Suggest when IsFast && message.TryGetPiece(out int piece) && piece < swarm.PieceCount:
                Picker.AddSuggested(piece);
                break;
            case PeerMessageType.Extended when message.TryGetExtended(out byte id, out ReadOnlySpan<byte> payload):
                HandleExtended(id, payload);
                break;
            case PeerMessageType.KeepAlive or PeerMessageType.Port:
                break;
            case PeerMessageType.HashRequest or PeerMessageType.Hashes or PeerMessageType.HashReject:
                // Sent only to who has said it speaks v2 (BEP 52), which we do not say.
                break;
            default:
                Close(PeerCloseReason.ProtocolError, $"bad {message.Type} message of {message.Body.Length} bytes");
                break;
        }
    }

    /// <summary>The peer takes a request back. A block that is being read or sent already arrives all the same, as BEP 6 allows.</summary>
    private void Cancel(BlockRequest request)
    {
        if (Uploads.Remove(request) && IsFast)
            SendReject(request);
    }

    private void HandleExtended(byte id, ReadOnlySpan<byte> payload)
    {
        // We name no extension messages of our own yet, so that only the handshake can come.
        if (id != ExtensionHandshakeId || !ExtensionHandshake.TryParse(payload, out ExtensionHandshake? handshake))
            return;

        if (handshake.Client is { Length: > 0 } client)
            Client = client;
        if (handshake.RequestQueue is { } requests and > 0)
            Window.SetLimit(requests);
        IsUploadOnly = handshake.UploadOnly ?? IsUploadOnly;
        Swarm!.PeerIntroduced(this, handshake);
    }
}
