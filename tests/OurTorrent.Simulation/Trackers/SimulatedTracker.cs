using System.Net;
using System.Text;
using OurTorrent.Loop;
using OurTorrent.Network;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Simulation.Network;

namespace OurTorrent.Simulation.Trackers;

/// <summary>
/// A UDP tracker (BEP 15) on a host of its own. It gives connection ids that hold for two minutes, remembers who announced
/// what, forgets who does not come again, and names peers at random. Tests may have it refuse, lie or be silent.
/// </summary>
internal sealed class SimulatedTracker : IDatagramHandler
{
    /// <summary>How many peers it names when nobody says how many.</summary>
    public const int UsualPeers = 50;

    /// <summary>How many it names at the most.</summary>
    public const int MaxPeers = 200;

    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    private readonly EngineLoop _loop;
    private readonly Random _random;
    private readonly IDatagramSocket _socket;
    private readonly Dictionary<InfoHash, TrackedSwarm> _swarms = [];
    private readonly Dictionary<ulong, TimeSpan> _connections = [];

    /// <summary>Starts a tracker on a host.</summary>
    public SimulatedTracker(Simulator simulator, VirtualHost host, int port = 6969)
    {
        Host = host;
        _random = new Random(simulator.Random.Next());
        _loop = simulator.CreateLoop(host);
        _socket = _loop.Network.OpenDatagram(new IPEndPoint(IPAddress.Any, port), this);
        Url = $"udp://{host.Addresses[0]}:{port}/announce";
    }

    /// <summary>Where it is.</summary>
    public VirtualHost Host { get; }

    /// <summary>Where to announce.</summary>
    public string Url { get; }

    /// <summary>When peers are told to come again.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether it is silent, as one that is down.</summary>
    public bool IsDown { get; set; }

    /// <summary>What it says in place of an answer, if anything.</summary>
    public string? Refusal { get; set; }

    /// <summary>The interval in seconds and the counts it gives in place of the right ones, if it lies about them.</summary>
    public (int Interval, int Leechers, int Seeders)? FalseNumbers { get; set; }

    /// <summary>Whom it names in place of the peers it chose, if it lies.</summary>
    public Func<UdpAnnounceRequest, IReadOnlyList<IPEndPoint>, IEnumerable<IPEndPoint>>? Lie { get; set; }

    /// <summary>All announces that were answered, with their times.</summary>
    public List<(TimeSpan At, IPEndPoint From, UdpAnnounceRequest Request)> Announces { get; } = [];

    /// <summary>Makes it know a peer that never announced.</summary>
    public void Register(InfoHash infoHash, IPEndPoint peer, bool isSeeder) => SwarmOf(infoHash).Note(peer, isSeeder, _loop.Now);

    /// <summary>The peers it knows.</summary>
    public IReadOnlyCollection<IPEndPoint> PeersOf(InfoHash infoHash) => SwarmOf(infoHash).Peers;

    /// <inheritdoc/>
    public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        if (IsDown)
            return;
        if (UdpConnectRequest.TryParse(datagram, out UdpConnectRequest connect))
        {
            Span<byte> answer = stackalloc byte[UdpConnectResponse.WireLength];
            ulong id = (ulong)_random.NextInt64();
            _connections[id] = _loop.Now + ConnectionLife;
            new UdpConnectResponse(connect.TransactionId, id).Write(answer);
            _socket.Send(answer, remote);
        }
        else if (UdpRequestHeader.TryParse(datagram, out UdpRequestHeader header))
        {
            if (Refusal is not null)
                Refuse(remote, header.TransactionId, Refusal);
            else if (!_connections.TryGetValue(header.ConnectionId, out TimeSpan end) || end < _loop.Now)
                Refuse(remote, header.TransactionId, "Unknown connection id.");
            else if (UdpAnnounceRequest.TryParse(datagram, out UdpAnnounceRequest announce))
                Answer(announce, remote);
            else if (UdpScrapeRequest.TryParse(datagram, out UdpScrapeRequest scrape))
                Answer(scrape, remote);
        }
    }

    private void Answer(UdpAnnounceRequest request, IPEndPoint remote)
    {
        var peer = new IPEndPoint(remote.Address, request.Port);
        TimeSpan now = _loop.Now;
        Announces.Add((now, peer, request));
        TrackedSwarm swarm = SwarmOf(request.InfoHash);
        swarm.Forget(now - (2 * Interval));
        if (request.Event == AnnounceEvent.Stopped)
            swarm.Remove(peer);
        else
            swarm.Note(peer, request.Left == 0, now);
        if (request.Event == AnnounceEvent.Completed)
            swarm.Completed++;

        int wanted = request.NumWant < 0 ? UsualPeers : Math.Min(request.NumWant, MaxPeers);
        IReadOnlyList<IPEndPoint> chosen = swarm.Choose(peer, wanted, _random);
        CompactPeer[] peers = [.. (Lie?.Invoke(request, chosen) ?? chosen).Select(CompactPeer.From)];
        byte[] answer = new byte[UdpAnnounceResponse.HeaderLength + (peers.Length * CompactPeer.IPv4Length)];
        (int interval, int leechers, int seeders) = FalseNumbers ?? ((int)Interval.TotalSeconds, swarm.Leechers, swarm.Seeders);
        new UdpAnnounceResponse(request.TransactionId, interval, leechers, seeders).Write(answer);
        for (int i = 0; i < peers.Length; i++)
            peers[i].Write(answer.AsSpan(UdpAnnounceResponse.HeaderLength + (i * CompactPeer.IPv4Length)));
        _socket.Send(answer, remote);
    }

    private void Answer(UdpScrapeRequest request, IPEndPoint remote)
    {
        var entries = new ScrapeEntry[request.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            TrackedSwarm swarm = SwarmOf(request[i]);
            entries[i] = new ScrapeEntry(swarm.Seeders, swarm.Completed, swarm.Leechers);
        }

        byte[] answer = new byte[UdpScrapeResponse.WireLengthOf(entries.Length)];
        _socket.Send(answer.AsSpan(0, UdpScrapeResponse.Write(answer, request.TransactionId, entries)), remote);
    }

    private void Refuse(IPEndPoint remote, uint transactionId, string reason)
    {
        byte[] words = Encoding.UTF8.GetBytes(reason);
        byte[] answer = new byte[UdpErrorResponse.WireLengthOf(words.Length)];
        _socket.Send(answer.AsSpan(0, UdpErrorResponse.Write(answer, transactionId, words)), remote);
    }

    private TrackedSwarm SwarmOf(InfoHash infoHash)
    {
        if (!_swarms.TryGetValue(infoHash, out TrackedSwarm? swarm))
            _swarms.Add(infoHash, swarm = new TrackedSwarm());
        return swarm;
    }
}
