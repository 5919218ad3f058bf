using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OurTorrent.Bandwidth;
using OurTorrent.Loop;
using OurTorrent.Network;
using OurTorrent.Peers;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;
using OurTorrent.Swarms;
using OurTorrent.Trackers;

namespace OurTorrent.Engines;

/// <summary>
/// What the torrents of a session share: the loop, the listeners, the memory for blocks, the limits. Except for the members
/// that say otherwise, everything here belongs to the loop's thread.
/// </summary>
internal sealed class Engine : IListenHandler, IDisposable
{
    /// <summary>How much is taken from a socket at once. One buffer serves all peers, since a block leaves it before the next read.</summary>
    private const int ReceiveBufferSize = 256 * 1024;

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly EngineEnvironment _environment;
    private readonly Dictionary<InfoHash, Swarm> _byInfoHash = [];
    private readonly List<Swarm> _swarms = [];
    private readonly List<Swarm> _awake = [];
    private readonly List<IListenSocket> _listeners = [];
    private readonly List<PeerConnection> _handshaking = [];
    private readonly FlushQueue _flush;
    private readonly LoopTimer _tick;
    private bool _closing;

    /// <summary>Makes an engine that does not run yet.</summary>
    public Engine(SessionOptions options, EngineEnvironment environment)
    {
        Options = options;
        _environment = environment;
        Time = environment.Time;
        Random = environment.Random;
        Disk = environment.Disk;
        Logger = options.LoggerFactory.CreateLogger("OurTorrent");
        Loop = new EngineLoop(environment.Network, environment.Time, error => Log.CallbackFailed(Logger, error));
        PeerId = options.PeerId ?? OurPeerId.Create(environment.Random);
        Pool = new BlockPool(options.BufferLimit);
        Cache = new BlockCache(Loop, environment.CacheLimit);
        Files = new FileHandleCache(options.MaxOpenFiles);
        if (options.DownloadLimit > 0)
            DownloadLimiter.SetRate(TimeSpan.Zero, options.DownloadLimit);
        if (options.UploadLimit > 0)
            UploadLimiter.SetRate(TimeSpan.Zero, options.UploadLimit);
        Trackers = new TrackerTransport(
            Loop, environment.Http, environment.TransactionIds, new TrackerTransportOptions { BindAddress = options.BindAddress });
        Events = new EventDispatcher(Logger);
        _flush = new FlushQueue(Loop);
        _tick = Loop.CreateTimer(Tick);
    }

    /// <summary>How the session behaves.</summary>
    public SessionOptions Options { get; }

    /// <summary>The loop everything here runs on. Its <c>Post</c> and <c>InvokeAsync</c> may be called from any thread.</summary>
    public EngineLoop Loop { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Randomness where nobody gains by guessing it.</summary>
    public Random Random { get; }

    /// <summary>The threads that wait for disks and hash.</summary>
    public IDiskScheduler Disk { get; }

    /// <summary>The open files of all torrents.</summary>
    public FileHandleCache Files { get; }

    /// <summary>The memory for blocks on their way to the disk.</summary>
    public BlockPool Pool { get; }

    /// <summary>The memory for blocks read to be sent.</summary>
    public BlockCache Cache { get; }

    /// <summary>Where log lines go.</summary>
    public ILogger Logger { get; }

    /// <summary>Our own id.</summary>
    public PeerId PeerId { get; }

    /// <summary>The session's limit on receiving.</summary>
    public RateLimiter DownloadLimiter { get; } = new();

    /// <summary>The session's limit on sending.</summary>
    public RateLimiter UploadLimiter { get; } = new();

    /// <summary>Asks trackers.</summary>
    public TrackerTransport Trackers { get; }

    /// <summary>Calls the handlers of users' events.</summary>
    public EventDispatcher Events { get; }

    /// <summary>What every read of a socket goes into.</summary>
    public byte[] ReceiveBuffer { get; } = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize, pinned: true);

    /// <summary>Where a torrent puts the requests it picks, before it sends them.</summary>
    public BlockRequest[] RequestBatch { get; } = new BlockRequest[256];

    /// <summary>Peers with something to send at the end of this turn, or soon.</summary>
    public FlushQueue Flush => _flush;

    /// <summary>Where we listen; set once at the start.</summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints { get; private set; } = [];

    /// <summary>The port told to trackers and peers.</summary>
    public int ListenPort => ListenEndPoints.Count > 0 ? ListenEndPoints[0].Port : 0;

    /// <summary>Outgoing connections that are being made.</summary>
    public int HalfOpen { get; set; }

    /// <summary>Connections of any kind and state.</summary>
    public int Connections { get; set; }

    /// <summary>How often somebody has asked for what is new; a torrent remembers at which it was last awake.</summary>
    public long Looks { get; private set; }

    /// <summary>Whether one more outgoing connection may be made.</summary>
    public bool CanConnect => !_closing && HalfOpen < Options.MaxHalfOpen && Connections < Options.MaxPeers;

    /// <summary>Opens the listeners and starts the loop. Called once, from any thread.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_environment.RunsOwnThread)
            Loop.Start();
        Task<bool> listening = Loop.InvokeAsync(() =>
        {
            Listen();
            _tick.Set(TickInterval);
            return true;
        });
        if (!_environment.RunsOwnThread)
            Loop.Turn(wait: false);
        await listening.WaitAsync(cancellationToken);
    }

    /// <summary>Runs a question on the loop and waits for the answer. Any thread may call it.</summary>
    public T Ask<T>(Func<T> question)
    {
        if (Loop.IsCurrent)
            return question();

        try
        {
            return Loop.InvokeAsync(question).GetAwaiter().GetResult();
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended in between: nothing changes any more, and the answer can be had from here.
            return question();
        }
    }

    /// <summary>Adds a torrent and starts it.</summary>
    /// <exception cref="ArgumentException">Its info-hash is there already, or its folder has no possible name.</exception>
    public void Add(Swarm swarm)
    {
        ObjectDisposedException.ThrowIf(_closing, this);
        foreach (InfoHash infoHash in swarm.WireInfoHashes)
        {
            if (_byInfoHash.ContainsKey(infoHash))
                throw new ArgumentException($"The session has a torrent with the info-hash {infoHash} already.", nameof(swarm));
        }

        foreach (InfoHash infoHash in swarm.WireInfoHashes)
            _byInfoHash.Add(infoHash, swarm);
        _swarms.Add(swarm);
        try
        {
            _ = swarm.StartAsync();
        }
        catch
        {
            Forget(swarm);
            throw;
        }
    }

    /// <summary>Starts a torrent again, after it has stopped if it is about to. Any thread may call it.</summary>
    /// <exception cref="InvalidOperationException">The torrent was removed.</exception>
    public async Task StartAsync(Swarm swarm)
    {
        Task started = await Loop.InvokeAsync(swarm.StartAsync);
        await started;
    }

    /// <summary>Stops a torrent; ends when its trackers have been told and its state is saved. Any thread may call it.</summary>
    public async Task StopAsync(Swarm swarm)
    {
        Task stopped = await Loop.InvokeAsync(swarm.StopAsync);
        await stopped;
    }

    /// <summary>Stops a torrent for good and forgets it. Any thread may call it.</summary>
    public async Task RemoveAsync(Swarm swarm)
    {
        Task closed = await Loop.InvokeAsync(() =>
        {
            Forget(swarm);
            return swarm.CloseAsync();
        });
        await closed;
    }

    /// <summary>Closes everything; ends when trackers have been told and state is saved. Any thread may call it, once.</summary>
    public async Task CloseAsync()
    {
        Task all = await Loop.InvokeAsync(() =>
        {
            _closing = true;
            foreach (IListenSocket listener in _listeners)
                listener.Close();
            foreach (PeerConnection peer in _handshaking.ToArray())
                peer.Close(PeerCloseReason.Stopping);
            return Task.WhenAll(_swarms.ToArray().Select(swarm => swarm.CloseAsync()));
        });
        await all;
        Dispose();
        await Events.CloseAsync();
    }

    /// <summary>Ends the threads and closes the sockets, without a word to anyone.</summary>
    public void Dispose()
    {
        Loop.Dispose();
        Disk.Dispose();
        Files.Dispose();
        (_environment.Http as IDisposable)?.Dispose();
    }

    /// <summary>Finds the torrent a handshake is about, if it takes peers now.</summary>
    public Swarm? Find(InfoHash infoHash) =>
        _byInfoHash.TryGetValue(infoHash, out Swarm? swarm) && swarm.AcceptsPeers ? swarm : null;

    /// <summary>
    /// Has a torrent ticked from the next second on, until it has nothing to do: of thousands that nobody asks for anything, none
    /// costs time.
    /// </summary>
    public void Wake(Swarm swarm)
    {
        if (swarm.IsAwake)
            return;

        swarm.IsAwake = true;
        _awake.Add(swarm);
    }

    /// <summary>Begins a look at what is new.</summary>
    /// <returns>Its number: a torrent that was awake at it or later is news to whoever looked then.</returns>
    public long Look() => ++Looks;

    /// <inheritdoc/>
    public IStreamHandler? OnAccepted(IStreamSocket socket)
    {
        if (_closing || Connections >= Options.MaxPeers)
            return null;

        var peer = new PeerConnection(this, socket.RemoteEndPoint);
        peer.Accepted(socket);
        _handshaking.Add(peer);
        return peer;
    }

    /// <summary>An accepted connection has said which torrent it is about, or has ended before.</summary>
    public void HandshakeEnded(PeerConnection peer) => _handshaking.Remove(peer);

    /// <summary>Sums over all torrents.</summary>
    public SessionStatistics GetStatistics()
    {
        long down = 0, up = 0, downloaded = 0, uploaded = 0;
        int peers = 0;
        foreach (Swarm swarm in _swarms)
        {
            down += swarm.DownloadRate;
            up += swarm.UploadRate;
            downloaded += swarm.SessionDownloaded;
            uploaded += swarm.SessionUploaded;
            peers += swarm.OpenPeers;
        }

        return new SessionStatistics
        {
            DownloadRate = down,
            UploadRate = up,
            BytesDownloaded = downloaded,
            BytesUploaded = uploaded,
            PeersConnected = peers,
            HalfOpen = HalfOpen,
            BufferedBytes = (long)Pool.InUse * BlockRequest.BlockSize,
        };
    }

    private void Forget(Swarm swarm)
    {
        if (!_swarms.Remove(swarm))
            return;

        foreach (InfoHash infoHash in swarm.WireInfoHashes)
            _byInfoHash.Remove(infoHash);
    }

    private void Tick()
    {
        _tick.Set(TickInterval);
        for (int i = _handshaking.Count - 1; i >= 0; i--)
            _handshaking[i].Tick();
        for (int i = _awake.Count - 1; i >= 0; i--)
        {
            Swarm swarm = _awake[i];
            if (swarm.Tick())
                continue;

            swarm.IsAwake = false;
            swarm.LastAwake = Looks;
            _awake[i] = _awake[^1];
            _awake.RemoveAt(_awake.Count - 1);
        }
    }

    private void Listen()
    {
        IPAddress first = Options.BindAddress ?? IPAddress.Any;
        IListenSocket listener = ListenFrom(first, Options.Port);
        _listeners.Add(listener);
        if (Options.BindAddress is null)
        {
            try
            {
                _listeners.Add(Loop.Network.Listen(new IPEndPoint(IPAddress.IPv6Any, listener.LocalEndPoint.Port), this));
            }
            catch (SocketException e)
            {
                // A host without IPv6 is common; peers come by IPv4 then.
                Log.NoIPv6Listener(Logger, e.Message);
            }
        }

        ListenEndPoints = [.. _listeners.Select(l => l.LocalEndPoint)];
        foreach (IPEndPoint endPoint in ListenEndPoints)
            Log.Listening(Logger, endPoint);
    }

    private IListenSocket ListenFrom(IPAddress address, int port)
    {
        const int Neighbours = 10;
        for (int tried = 0; ; tried++)
        {
            int candidate = tried < Neighbours && port + tried <= ushort.MaxValue ? port + tried : 0;
            try
            {
                return Loop.Network.Listen(new IPEndPoint(address, port == 0 ? 0 : candidate), this);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse
                && !Options.PortIsExact && candidate != 0)
            {
                Log.PortTaken(Logger, candidate);
            }
        }
    }
}
