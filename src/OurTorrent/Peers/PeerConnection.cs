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
internal sealed partial class PeerConnection : IStreamHandler, IDisposable
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

    /// <summary>
    /// How often a peer may say that it has everything, or nothing. Once is right (BEP 6), and a few programs say it later or again;
    /// each time costs in proportion to the torrent, not to the message. A bitfield costs what it weighs: aria2 sends one whenever
    /// that is shorter than to name the pieces it has got since.
    /// </summary>
    private const int MaxPieceSets = 4;

    private readonly Engine _engine;
    private readonly SendQueue _out = new();
    private readonly TimeSpan _born;
    private byte[]? _handshake = new byte[PeerHandshake.WireLength];
    private int _handshakeLength;
    private IStreamSocket? _socket;
    private PeerWireDecoder? _decoder;
    private BlockBuffer? _incoming;
    private int _restOfBlock;
    private int _pieceSets;
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

    /// <summary>How long the connection, or the attempt to make it, has been.</summary>
    public TimeSpan Age => _engine.Loop.Now - _born;

    /// <summary>Whether the connection is so young that nothing is lost with it.</summary>
    public bool IsNew => Age < NewTime;

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

    /// <summary>Whether the last thing the peer did with a request was to refuse it, without choking us.</summary>
    public bool Refuses { get; set; }

    /// <summary>When its messages are to be sent.</summary>
    public FlushState FlushState { get; set; }

    /// <summary>How many bytes of content wait in the send queue.</summary>
    public int ContentQueued => _out.ContentLength;

    /// <summary>Whether it has asked for blocks that have not left yet.</summary>
    public bool IsBeingServed => Uploads.Count + Uploads.Reading + ContentQueued > 0;

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

    /// <summary>What is known of the peer.</summary>
    public PeerStatus GetStatus(int pieceCount) => new()
    {
        EndPoint = EndPoint,
        Client = Client,
        PeerId = PeerId,
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
}
