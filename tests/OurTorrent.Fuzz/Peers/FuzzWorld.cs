using System.Net;
using OurTorrent.Engines;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Swarms;
using OurTorrent.Trackers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// The engine as it is, with one torrent, on one thread: the network, the disk and the clock are the script's. Same input, same run.
/// </summary>
internal sealed class FuzzWorld : IDisposable
{
    // So many turns without the time moving on, and the engine goes round in circles.
    private const int MaxTurns = 100_000;
    private const int BlocksOverCapacity = 8;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Engine _engine;
    private readonly ErrorLog _errors = new();
    private (int Writes, int Verified) _looked;

    public FuzzWorld(FuzzTorrent torrent, SessionOptions options, TorrentOptions torrentOptions, IEnumerable<int> filesOnDisk)
    {
        Torrent = torrent;
        Storage = new FuzzStorage(torrent.Metainfo);
        foreach (int file in filesOnDisk)
            Storage.Files[file] = [.. torrent.Files[file]];
        _engine = new Engine(
            options with { PeerId = new PeerId("-OT0001-fuzzfuzzfuzz"u8), LoggerFactory = _errors, BindAddress = Network.LocalEndPoint.Address },
            new EngineEnvironment
            {
                Network = Network,
                Disk = Disk,
                Http = new NoHttp(),
                Time = Clock,
                Random = Random,
                TransactionIds = () => 1,
                RunsOwnThread = false,
            });
        Promise.That(_engine.StartAsync(CancellationToken.None).IsCompletedSuccessfully, "the engine starts");
        Swarm = new Swarm(_engine, torrent.Metainfo, torrentOptions with { Storage = Storage }, [.. torrent.Metainfo.Files.Select(_ => FilePriority.Normal)]);
        _engine.Add(Swarm);
    }

    public FuzzTorrent Torrent { get; }

    public FuzzNetwork Network { get; } = new();

    public FuzzDisk Disk { get; } = new();

    public FuzzClock Clock { get; } = new();

    public CountingRandom Random { get; } = new(seed: 1);

    public FuzzStorage Storage { get; }

    public Swarm Swarm { get; }

    public TorrentMetainfo Metainfo => Torrent.Metainfo;

    public PeerId OwnId => _engine.PeerId;

    /// <summary>Whether the disk does its jobs at once, not when the script says so.</summary>
    public bool IsDiskFast { get; set; }

    /// <summary>Has the engine turn until it is idle, and holds it to its promises.</summary>
    public void Settle()
    {
        int turns = 0;
        do
        {
            _engine.Loop.Turn(wait: false);
            Promise.That(++turns < MaxTurns, "the engine becomes idle");
        }
        while (Network.HasEvents || _engine.Loop.HasPosted || _engine.Loop.NextDue <= Clock.Now || (IsDiskFast && Disk.RunOne()));

        if (_errors.First is { } error)
            throw new BrokenPromiseException($"nothing escapes a callback: {error}");
        Promise.That(_engine.Pool.InUse <= _engine.Pool.Capacity + BlocksOverCapacity, "the memory for blocks is bounded");
        Promise.That(_engine.Connections >= Network.Sockets.Count && _engine.HalfOpen >= 0, "connections are counted");
        CheckVerified();
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan duration)
    {
        TimeSpan end = Clock.Now + duration;
        while (Clock.Now < end)
        {
            Clock.Now = end - Clock.Now > Tick ? Clock.Now + Tick : end;
            Settle();
        }
    }

    /// <summary>Does all that the disk has to do.</summary>
    public void Drain()
    {
        while (Disk.RunOne())
            Settle();
    }

    /// <summary>Makes a peer that has connected to the engine.</summary>
    public FuzzPeer Connect(IPEndPoint from) => Take(Network.Accept(from));

    /// <summary>Takes the other end of a connection.</summary>
    public FuzzPeer Take(FuzzSocket socket) => new(Torrent, socket, IsVerified);

    /// <summary>Stops the torrent, and sees to it that nothing of it is left.</summary>
    public void Stop()
    {
        _engine.Loop.Post(() => _ = Swarm.StopAsync());
        Settle();
        Drain();
        Promise.That(Swarm.State is TorrentState.Stopped or TorrentState.Failed, "a torrent can be stopped");
    }

    /// <summary>Starts the torrent, unless it runs.</summary>
    public void Start()
    {
        _engine.Loop.Post(() => _ = Swarm.StartAsync());
        Settle();
    }

    /// <summary>Whoever has connected and not said for which torrent, goes; then nothing may be left.</summary>
    public void AssertEmpty()
    {
        Advance(TimeSpan.FromSeconds(30));
        Promise.Same(0, Network.Sockets.Count, "a stopped torrent has no connections");
        Promise.Same(0, _engine.Connections, "connections are counted to the last");
        Promise.Same(0, _engine.HalfOpen, "connections being made are counted to the last");
        Promise.Same(0, _engine.Pool.InUse, "a stopped torrent holds no blocks");
    }

    public void Dispose() => _engine.Dispose();

    private void CheckVerified()
    {
        // Nothing else can make it true or false.
        var looked = (Storage.Writes, Swarm.Have.Count);
        if (looked == _looked)
            return;

        _looked = looked;
        for (int piece = 0; piece < Swarm.PieceCount; piece++)
            Promise.That(!Swarm.Have[piece] || IsOnDisk(piece), "what counts as verified is on disk as it should be");
    }

    private bool IsVerified(int piece) => Swarm.Have[piece] && IsOnDisk(piece);

    private bool IsOnDisk(int piece)
    {
        long start = (long)piece * Metainfo.PieceLength;
        long end = start + Metainfo.PieceLengthOf(piece);
        foreach (TorrentFile file in Metainfo.Files)
        {
            int from = (int)(Math.Max(start, file.Offset) - file.Offset);
            int to = (int)(Math.Min(end, file.Offset + file.Length) - file.Offset);
            if (from >= to || file.IsPadding)
                continue;
            if (Storage.Files[file.Index] is not { } bytes || !bytes.AsSpan(from..to).SequenceEqual(Torrent.Files[file.Index].AsSpan(from..to)))
                return false;
        }

        return true;
    }

    private sealed class NoHttp : IHttpGetter
    {
        public Task<HttpAnswer> GetAsync(Uri url, int maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
