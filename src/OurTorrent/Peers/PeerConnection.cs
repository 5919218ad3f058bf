using System.Buffers;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Bandwidth;
using OurTorrent.Engines;
using OurTorrent.Network;
using OurTorrent.Pieces;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;
using OurTorrent.Swarms;

namespace OurTorrent.Peers;

/// <summary>
/// One connection to a peer: the handshake, then messages both ways (BEP 3, 6, 10). It keeps what both sides have said;
/// what to ask for and whom to serve is decided by its <see cref="Swarm"/>.
/// </summary>
internal sealed class PeerConnection : IStreamHandler, IDisposable
{
    private const byte ExtensionHandshakeId = 0;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan InactivityTimeout = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan NewTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many bytes of messages may wait for a peer that does not read them. What we send on our own account is far less: the
    /// rest are refusals of what it asks for.
    /// </summary>
    private const int MaxMessagesQueued = 4 * 1024 * 1024;

    private readonly Engine _engine;
    private readonly SendQueue _out = new();
    private readonly TimeSpan _born;
    private byte[]? _handshake = new byte[PeerHandshake.WireLength];
    private int _handshakeLength;
    private IStreamSocket? _socket;
    private PeerWireDecoder? _decoder;
    private BlockBuffer? _incoming;
    private int _restOfBlock;
    private TimeSpan _lastReceived;
    private TimeSpan _lastSent;

    /// <summary>Makes a connection of a swarm to a peer, or, without a swarm, one that will say which swarm it is about.</summary>
    public PeerConnection(Engine engine, IPEndPoint endPoint, Swarm? swarm = null)
    {
        _engine = engine;
        EndPoint = endPoint;
        Swarm = swarm;
        _born = engine.Loop.Now;
        Picker = new PickerPeer(this);
        Choking = new ChokerPeer(_born, this);
        engine.Connections++;
    }

    /// <summary>The swarm it belongs to; null until an incoming handshake has named it.</summary>
    public Swarm? Swarm { get; private set; }

    /// <summary>The other end.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Whether the peer connected to us.</summary>
    public bool IsIncoming { get; private set; }

    /// <summary>The entry of the peer list for this peer; null for one that connected to us and has not said where it listens.</summary>
    public PeerCandidate? Candidate { get; set; }

    /// <summary>This end of the connection, once it stands.</summary>
    public IPEndPoint? LocalEndPoint => IsConnecting || CloseReason != PeerCloseReason.None ? null : _socket?.LocalEndPoint;

    /// <summary>Whether the connection is so young that nothing is lost with it.</summary>
    public bool IsNew => _engine.Loop.Now - _born < NewTime;

    /// <summary>Whether handshakes have been exchanged and the connection stands.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the connection is still being made.</summary>
    public bool IsConnecting { get; private set; }

    /// <summary>Why it was closed.</summary>
    public PeerCloseReason CloseReason { get; private set; }

    /// <summary>The peer's id, from its handshake.</summary>
    public PeerId PeerId { get; private set; }

    /// <summary>What the peer can do, from its handshake.</summary>
    public PeerCapabilities Capabilities { get; private set; }

    /// <summary>Whether both sides know the Fast extension (BEP 6).</summary>
    public bool IsFast => Capabilities.HasFlag(PeerCapabilities.Fast);

    /// <summary>The client's name, from its extension handshake or else its id.</summary>
    public string Client { get; private set; } = "";

    /// <summary>What the peer has and what is asked of it; set once the connection stands.</summary>
    public PickerPeer Picker { get; }

    /// <summary>What the choker knows of the peer.</summary>
    public ChokerPeer Choking { get; private set; }

    /// <summary>How much is asked of the peer at once.</summary>
    public RequestWindow Window { get; } = new();

    /// <summary>The blocks the peer has asked for.</summary>
    public UploadQueue Uploads { get; } = new();

    /// <summary>Content received from the peer.</summary>
    public RateMeter Downloaded { get; } = new();

    /// <summary>Content sent to the peer.</summary>
    public RateMeter Uploaded { get; } = new();

    /// <summary>Whether we have said that we want something.</summary>
    public bool AmInterested { get; private set; }

    /// <summary>Whether we refuse to serve the peer.</summary>
    public bool AmChoking { get; private set; } = true;

    /// <summary>Whether the peer wants something.</summary>
    public bool IsInterested { get; private set; }

    /// <summary>Whether the peer refuses to serve us.</summary>
    public bool IsChoking { get; private set; } = true;

    /// <summary>Whether the peer has said it will never want anything (BEP 21).</summary>
    public bool IsUploadOnly { get; private set; }

    /// <summary>
    /// How many blocks may still arrive that are no longer asked for, because we gave them up or took them back while they
    /// were on their way. A block beyond these was never asked for.
    /// </summary>
    public int LateBlocksExpected { get; set; }

    /// <summary>How many requests the peer has refused, without choking us, since the last tick.</summary>
    public int RejectsThisTick { get; set; }

    /// <summary>When its messages are to be sent.</summary>
    public FlushState FlushState { get; set; }

    /// <summary>How many bytes of content wait in the send queue.</summary>
    public int ContentQueued => _out.ContentLength;

    /// <summary>Whether the socket has more to send than it takes.</summary>
    public bool IsSendBlocked { get; private set; }

    /// <summary>Whether reading is stopped until there is room for blocks, or the rate limit lets more in.</summary>
    public bool IsReadPaused { get; private set; }

    /// <summary>Connects to the peer.</summary>
    public void Connect()
    {
        IsConnecting = true;
        _engine.HalfOpen++;
        _socket = _engine.Loop.Network.Connect(EndPoint, BindAddress, this);
    }

    /// <summary>Takes a connection the peer has made.</summary>
    public void Accepted(IStreamSocket socket)
    {
        IsIncoming = true;
        _socket = socket;
        _lastReceived = _engine.Loop.Now;
    }

    /// <inheritdoc/>
    public void OnConnected()
    {
        EndConnecting();
        _lastReceived = _engine.Loop.Now;
        SendHandshake(Swarm!.InfoHash);
    }

    /// <inheritdoc/>
    public void OnConnectFailed(SocketError error)
    {
        _socket = null;
        Close(PeerCloseReason.ConnectFailed, error.ToString());
    }

    /// <inheritdoc/>
    public void OnReadable()
    {
        int allowed = Swarm is { } swarm && IsOpen
            ? swarm.AllowedToReceive(this, _incoming is null ? 0 : _restOfBlock, _engine.ReceiveBuffer.Length)
            : _engine.ReceiveBuffer.Length;
        if (allowed == 0)
        {
            PauseRead();
            return;
        }

        SocketStatus status = _socket!.Receive(_engine.ReceiveBuffer.AsSpan(0, allowed), out int count);
        if (IsOpen)
            Swarm!.NotReceived(allowed - count);
        switch (status)
        {
            case SocketStatus.Ok:
                _lastReceived = _engine.Loop.Now;
                Process(_engine.ReceiveBuffer.AsSpan(0, count));
                break;
            case SocketStatus.Closed:
                Close(PeerCloseReason.ClosedByPeer);
                break;
            case SocketStatus.Failed:
                Close(PeerCloseReason.Broken, _socket.Error.ToString());
                break;
        }
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        IsSendBlocked = false;
        _socket!.WantsWrite = false;
        Flush();
        if (CloseReason == PeerCloseReason.None)
            Swarm?.ServeUploads(this);
    }

    /// <summary>Stops reading from the socket, so that TCP slows the peer.</summary>
    public void PauseRead()
    {
        if (IsReadPaused || _socket is null)
            return;

        IsReadPaused = true;
        _socket.WantsRead = false;
    }

    /// <summary>Reads from the socket again.</summary>
    public void ResumeRead()
    {
        if (!IsReadPaused || _socket is null)
            return;

        // It was we who did not listen.
        IsReadPaused = false;
        _lastReceived = _engine.Loop.Now;
        _socket.WantsRead = true;
    }

    /// <summary>Sends what is queued, as far as the socket takes it. Called by the <see cref="FlushQueue"/>.</summary>
    public void Flush()
    {
        if (CloseReason != PeerCloseReason.None || _socket is null || IsConnecting || IsSendBlocked || _out.Length == 0)
            return;

        SocketStatus status = _out.Send(_socket, out int content);
        _lastSent = _engine.Loop.Now;
        if (content > 0)
            Swarm?.ContentSent(this, content);

        switch (status)
        {
            case SocketStatus.Ok:
                break;
            case SocketStatus.WouldBlock:
                IsSendBlocked = true;
                _socket.WantsWrite = true;
                break;
            default:
                Close(PeerCloseReason.Broken, _socket.Error.ToString());
                return;
        }

        if (content > 0)
            Swarm?.ServeUploads(this);
    }

    /// <summary>Closes the connection. The first reason counts; closing again does nothing.</summary>
    public void Close(PeerCloseReason reason, string detail = "")
    {
        if (CloseReason != PeerCloseReason.None)
            return;

        CloseReason = reason;
        EndConnecting();
        _engine.Connections--;
        bool wasOpen = IsOpen;
        IsOpen = false;
        _socket?.Close();
        _decoder?.Dispose();
        if (_incoming is { } incoming)
        {
            _incoming = null;
            incoming.Release();
        }

        _out.Clear();
        Log.PeerClosed(_engine.Logger, EndPoint, reason.ToString(), detail);
        if (Swarm is { } swarm)
            swarm.PeerClosed(this, wasOpen);
        else
            _engine.HandshakeEnded(this);
    }

    /// <summary>Closes the connection because the torrent is being stopped.</summary>
    public void Dispose() => Close(PeerCloseReason.Stopping);

    /// <summary>Looks at the clock: timeouts and keep-alives. Called once a second.</summary>
    public void Tick()
    {
        TimeSpan now = _engine.Loop.Now;
        if (IsConnecting)
        {
            if (now - _born > ConnectTimeout)
                Close(PeerCloseReason.ConnectFailed, "timed out");
            return;
        }

        if (!IsOpen)
        {
            if (now - _born > ConnectTimeout + HandshakeTimeout || (IsIncoming && now - _born > HandshakeTimeout))
                Close(PeerCloseReason.HandshakeTimeout);
            return;
        }

        if ((now - _lastReceived > InactivityTimeout && !IsReadPaused) || (IsSendBlocked && now - _lastSent > InactivityTimeout))
        {
            Close(PeerCloseReason.Inactive);
            return;
        }

        if (now - _lastSent > KeepAliveInterval && _out.Length == 0)
        {
            PeerMessageWriter.WriteKeepAlive(_out);
            _engine.Flush.Now(this);
        }
    }

    /// <summary>Says whether we want something of the peer.</summary>
    public void SetInterested(bool interested)
    {
        if (AmInterested == interested)
            return;

        AmInterested = interested;
        if (interested)
            PeerMessageWriter.WriteInterested(_out);
        else
            PeerMessageWriter.WriteNotInterested(_out);
        _engine.Flush.Now(this);
    }

    /// <summary>Says whether we serve the peer. Blocks that were asked for and not sent are refused when we no longer do.</summary>
    public void SetChoking(bool choking)
    {
        if (AmChoking == choking)
            return;

        AmChoking = choking;
        if (choking)
        {
            PeerMessageWriter.WriteChoke(_out);
            Uploads.RefuseAll(IsFast ? this : null);
        }
        else
        {
            PeerMessageWriter.WriteUnchoke(_out);
        }

        _engine.Flush.Now(this);
    }

    /// <summary>Asks for blocks.</summary>
    public void SendRequests(ReadOnlySpan<BlockRequest> requests)
    {
        foreach (BlockRequest request in requests)
            PeerMessageWriter.WriteRequest(_out, request);
        _engine.Flush.Now(this);
    }

    /// <summary>Takes a request back, because the block has come from another peer. It may be on its way all the same.</summary>
    public void SendCancel(BlockRequest request)
    {
        LateBlocksExpected++;
        Window.Dropped(Picker.Outstanding.Count);
        PeerMessageWriter.WriteCancel(_out, request);
        _engine.Flush.Now(this);
    }

    /// <summary>Refuses a request (BEP 6).</summary>
    public void SendReject(BlockRequest request)
    {
        PeerMessageWriter.WriteReject(_out, request);
        _engine.Flush.Now(this);
    }

    /// <summary>Tells of a piece we have; it may leave a little later, with other messages.</summary>
    public void SendHave(int piece)
    {
        PeerMessageWriter.WriteHave(_out, piece);
        _engine.Flush.Later(this);
    }

    /// <summary>
    /// Sends a block; a share of the buffer is the connection's from here on. What the request asks for beyond the data is the
    /// gap after a file of a v2 torrent (BEP 52): zeros.
    /// </summary>
    public void SendBlock(BlockRequest request, ReadOnlyMemory<byte> data, BlockBuffer buffer)
    {
        PeerMessageWriter.WritePieceHeader(_out, request);
        _out.Add(data, buffer);
        int gap = request.Length - data.Length;
        if (gap > 0)
        {
            _out.GetSpan(gap)[..gap].Clear();
            _out.Advance(gap);
        }

        _engine.Flush.Now(this);
    }

    /// <summary>Lets the peer ask for these pieces while it is choked (BEP 6).</summary>
    public void SendAllowedFast(int piece)
    {
        PeerMessageWriter.WriteAllowedFast(_out, piece);
        _engine.Flush.Now(this);
    }

    /// <summary>What is known of the peer.</summary>
    public PeerStatus GetStatus(int pieceCount) => new()
    {
        EndPoint = EndPoint,
        Client = Client,
        IsIncoming = IsIncoming,
        Source = Candidate?.Sources ?? PeerSource.Incoming,
        Progress = Picker.IsSeed || pieceCount == 0 ? 1 : (double)(Picker.Have?.Count ?? 0) / pieceCount,
        DownloadRate = Downloaded.Rate(_engine.Loop.Now),
        UploadRate = Uploaded.Rate(_engine.Loop.Now),
        BytesDownloaded = Downloaded.Total,
        BytesUploaded = Uploaded.Total,
        AmInterested = AmInterested,
        AmUnchoking = !AmChoking,
        IsInterested = IsInterested,
        IsUnchoking = !IsChoking,
        IsSnubbed = Picker.IsSnubbed,
        RequestsPending = Picker.Outstanding.Count,
    };

    private IPAddress? BindAddress =>
        _engine.Options.BindAddress is { } bind && bind.AddressFamily == EndPoint.AddressFamily ? bind : null;

    private void EndConnecting()
    {
        if (!IsConnecting)
            return;

        IsConnecting = false;
        _engine.HalfOpen--;
    }

    private void SendHandshake(InfoHash infoHash)
    {
        var handshake = new PeerHandshake(PeerCapabilities.ExtensionProtocol | PeerCapabilities.Fast, infoHash, _engine.PeerId);
        handshake.Write(_out.GetSpan(PeerHandshake.WireLength));
        _out.Advance(PeerHandshake.WireLength);
        _engine.Flush.Now(this);
    }

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

    private void SendExtensionHandshake()
    {
        var handshake = new ExtensionHandshake
        {
            Client = _engine.Options.ClientName,
            RequestQueue = UploadQueue.Capacity,
            ListenPort = _engine.ListenPort == 0 ? null : (ushort)_engine.ListenPort,
            YourAddress = EndPoint.Address,
            UploadOnly = Swarm!.IsUploadOnly,
        };
        var payload = new ArrayBufferWriter<byte>();
        handshake.Write(payload);
        PeerMessageWriter.WriteExtended(_out, ExtensionHandshakeId, payload.WrittenSpan);
    }

    private void Handle(in PeerMessage message)
    {
        Swarm swarm = Swarm!;
        switch (message.Type)
        {
            case PeerMessageType.Choke:
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
