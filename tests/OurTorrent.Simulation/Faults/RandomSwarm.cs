using System.Globalization;
using System.Net;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Misbehaving;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Storage;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Faults;

/// <summary>
/// A small swarm made up from a seed: content, lines, disks, limits, peers that misbehave, and what goes wrong in the first
/// minutes. After those everything heals, and a seeder in the open remains: from there on everybody can complete, and has to.
/// </summary>
internal sealed class RandomSwarm : IDisposable
{
    private static readonly TimeSpan LimitAfterHealing = TimeSpan.FromHours(3);

    private readonly Random _random;
    private readonly List<(TimeSpan At, string What, Action Do)> _plan = [];
    private readonly Dictionary<SwarmPeer, VirtualDevice> _devices = [];
    private readonly Dictionary<SwarmPeer, TimeSpan> _restarts = [];
    private readonly HashSet<SwarmPeer> _restarted = [];
    private readonly HashSet<SwarmPeer> _stopped = [];
    private readonly List<string> _story = [];
    private readonly TimeSpan _healed;
    private int _moves;

    /// <summary>Makes the world; nothing has happened in it yet.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="isTraced">Whether every packet is noted.</param>
    public RandomSwarm(int seed, bool isTraced = false)
    {
        _random = new Random(seed);
        int pieceLength = 16 * 1024 << _random.Next(4);
        MetainfoFile[] files = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => new MetainfoFile([$"file{i}"], _random.Next(1, 700_000)))];
        World = new SwarmWorld(seed, (contentSeed, tracker) => new SimulatedContent(contentSeed, files, pieceLength, tracker));
        World.Simulator.Trace.IsOn = isTraced;
        World.Tracker.Interval = TimeSpan.FromSeconds(_random.Next(30, 300));
        _healed = TimeSpan.FromSeconds(_random.Next(10, 300));
        AddPeers();
        while (Chance(0.8) && _plan.Count < 20)
            PlanFault();
        _plan.Sort((left, right) => left.At.CompareTo(right.At));
    }

    /// <summary>The world.</summary>
    public SwarmWorld World { get; }

    /// <summary>What was made up, and what was done when.</summary>
    public string Story => string.Join('\n', _story);

    /// <summary>Runs it to the end, looking at every step whether all is as it must be.</summary>
    /// <exception cref="SimulationFailedException">It is not.</exception>
    public void Run()
    {
        while (World.Now < _healed || World.Peers.Any(peer => !peer.HasLeft && peer.CompletedAt is null))
        {
            while (_plan.Count > 0 && _plan[0].At <= World.Now)
            {
                Tell(_plan[0].What);
                _plan[0].Do();
                _plan.RemoveAt(0);
            }

            World.Run(TimeSpan.FromMilliseconds(World.Now < _healed ? _random.Next(100, 1000) : 1000));
            World.Expect(Check);
            World.Expect(() => Assert.True(World.Now < _healed + LimitAfterHealing, "Somebody who could have everything does not get it."));
        }

        World.Expect(() => Assert.All(
            World.Peers.Where(peer => !peer.HasLeft),
            peer => Assert.True(peer.Stored.IsWhole, $"{peer.Address} says it is complete, and is not.")));
    }

    public void Dispose() => World.Dispose();

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private int Among(int least, int most) => (int)(least * Math.Pow((double)most / least, _random.NextDouble()));

    private void Tell(string what) => _story.Add(string.Create(CultureInfo.InvariantCulture, $"{World.Now} {what}"));

    private void AddPeers()
    {
        Add("the seeder that stays", new PeerSetup { IsSeeder = true, Link = Line(isOpen: true) });
        for (int i = _random.Next(2); i > 0; i--)
            Add("a seeder", new PeerSetup { IsSeeder = true, Link = Line(isOpen: false) });
        for (int i = _random.Next(1, 6); i > 0; i--)
            Add("a leecher", new PeerSetup { Link = Line(isOpen: false) });
        for (int i = Chance(0.7) ? _random.Next(1, 6) : 0; i > 0; i--)
        {
            Misbehavior behavior = MakeBehavior();
            RawPeer peer = World.AddRaw(behavior, Line(isOpen: true));
            Tell($"{peer.EndPoint.Address} {behavior.GetType().Name}");
            if (Chance(0.5))
                peer.Dial(World.Peers[_random.Next(World.Peers.Count)].EndPoint);
        }

        if (Chance(0.2))
            World.Tracker.Lie = (_, chosen) => [.. chosen, new IPEndPoint(IPAddress.Parse("10.77.0.1"), 6881), new IPEndPoint(IPAddress.Broadcast, 1)];
    }

    private void Add(string what, PeerSetup setup)
    {
        VirtualDevice? device = null;
        if (Chance(0.5))
        {
            device = new VirtualDevice(World.Simulator.Time, new Random(_random.Next()))
            {
                Rate = Chance(0.5) ? 0 : Among(100_000, 20_000_000),
                Latency = TimeSpan.FromMilliseconds(_random.Next(10)),
            };
        }

        SwarmPeer peer = World.AddPeer(setup with
        {
            DiskJob = TimeSpan.FromMilliseconds(_random.Next(1, 10)),
            Session = new SessionOptions
            {
                BindAddress = IPAddress.Any,
                BufferLimit = 1024 * 1024,
                MaxHalfOpen = Chance(0.7) ? 50 : _random.Next(1, 4),
                AllowSeveralPeersPerAddress = Chance(0.8),
                UploadLimit = Chance(0.8) ? 0 : Among(20_000, 500_000),
                DownloadLimit = Chance(0.8) ? 0 : Among(20_000, 500_000),
            },
            Torrent = new TorrentOptions
            {
                Sequential = Chance(0.2),
                UploadSlots = Chance(0.5) ? null : _random.Next(1, 5),
                MaxPeers = setup.IsSeeder || Chance(0.7) ? 80 : _random.Next(2, 6),
            },
            Storage = device is null ? null : stored => new DeviceStorage(device, World.Content.Metainfo, () => stored),
        });
        Tell($"{peer.Address} is {what}, {(device is null ? "disk in memory" : $"disk of {device.Rate} B/s")}, {setup.Link}");
        if (device is null)
            return;
        _devices.Add(peer, device);
        peer.Disk.Device = device;
    }

    private HostOptions Line(bool isOpen) => new()
    {
        UploadRate = Among(20_000, 1_000_000),
        DownloadRate = Chance(0.2) ? 0 : Among(100_000, 4_000_000),
        Latency = TimeSpan.FromMilliseconds(_random.Next(1, 150)),
        Jitter = Chance(0.5) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_random.Next(50)),
        DatagramLoss = Chance(0.7) ? 0 : _random.NextDouble() * 0.3,
        SendBuffer = Among(8 * 1024, 256 * 1024),
        ReceiveBuffer = Among(32 * 1024, 256 * 1024),
        Incoming = isOpen || Chance(0.6) ? IncomingConnections.Accept : Chance(0.5) ? IncomingConnections.Drop : IncomingConnections.Refuse,
    };

    private Misbehavior MakeBehavior() => _random.Next(14) switch
    {
        0 or 1 => new CorruptBlocks(_random.NextDouble()),
        2 => new SaysNothing(),
        3 => new NeverUnchokes(),
        4 => new TakesRequests(),
        5 => new Trickles(),
        6 => new Vanishes(_random.Next(20)),
        7 => new Reconnects(_random.Next(5)),
        8 => new SendsUnasked(),
        9 => new Floods(_random.Next(1, 200)),
        10 => new Lies(),
        _ => new Erratic(isFast: Chance(0.5)),
    };

    private void PlanFault()
    {
        TimeSpan at = _healed * _random.NextDouble();
        TimeSpan until = at + ((_healed - at) * _random.NextDouble());
        SwarmPeer any = World.Peers[_random.Next(World.Peers.Count)];
        SwarmPeer other = World.Peers[_random.Next(World.Peers.Count)];
        VirtualNetwork network = World.Simulator.Network;
        switch (_random.Next(13))
        {
            case 0:
                Plan(at, $"{any.Address} is cut off", () => network.Isolate(any.Host));
                Plan(until, $"{any.Address} is back", () => network.Rejoin(any.Host));
                break;
            case 1 when any != other:
                Plan(at, $"{any.Address} and {other.Address} are cut off from each other", () => network.Cut(any.Host, other.Host));
                Plan(until, $"{any.Address} and {other.Address} reach each other", () => network.Heal(any.Host, other.Host));
                break;
            case 2:
                for (TimeSpan time = at; time < until; time += TimeSpan.FromSeconds(_random.Next(5, 60)))
                    Plan(time, $"the connections of {any.Address} break", () => any.Host.BreakConnections());
                break;
            case 3:
                string address = $"10.88.0.{++_moves}";
                Plan(at, $"{any.Address} moves to {address}", () => any.Host.ChangeAddresses(address));
                break;
            case 4:
                Plan(at, "the tracker is down", () => World.Tracker.IsDown = true);
                Plan(until, "the tracker is up", () => World.Tracker.IsDown = false);
                break;
            case 5 when any != World.Peers[0]:
                Plan(at, $"{any.Address} leaves", () => Leave(any, vanishes: false));
                break;
            case 6 when any != World.Peers[0]:
                Plan(at, $"{any.Address} vanishes", () => Leave(any, vanishes: true));
                break;
            case 7:
                PlanStop(any, at, until);
                break;
            case 8:
                PeerSetup late = new() { Link = Line(isOpen: false) };
                Plan(at, "one more comes", () => Add("a late leecher", late));
                break;
            case 9:
                HostOptions line = Line(isOpen: any == World.Peers[0]);
                Plan(at, $"{any.Address} gets another line", () => any.Host.Options = line);
                break;
            case 10:
                Plan(at, $"the disk of {any.Address} hangs", () => any.Disk.IsStalled = true);
                Plan(until, $"the disk of {any.Address} goes on", () => any.Disk.IsStalled = false);
                break;
            case 11 when _devices.TryGetValue(any, out VirtualDevice? device):
                double share = Chance(0.3) ? _random.NextDouble() : _random.NextDouble() * 0.1;
                Plan(at, $"the disk of {any.Address} fails, {share:P0} of the time", () => device.ReadFailures = device.WriteFailures = share);
                Plan(until, $"the disk of {any.Address} is good", () => device.ReadFailures = device.WriteFailures = 0);
                break;
            case 12 when _devices.TryGetValue(any, out VirtualDevice? device):
                Plan(at, $"the disk of {any.Address} is full", () => device.Capacity = device.Used + _random.Next(200_000));
                Plan(until, $"the disk of {any.Address} has room", () => device.Capacity = long.MaxValue);
                break;
        }
    }

    private void PlanStop(SwarmPeer peer, TimeSpan at, TimeSpan until)
    {
        Plan(at, $"{peer.Address} is stopped", () =>
        {
            if (peer.HasLeft)
                return;
            _stopped.Add(peer);
            _ = peer.Torrent.Swarm.StopAsync();
        });
        Plan(until, $"{peer.Address} is started", () => Start(peer));
    }

    private void Plan(TimeSpan at, string what, Action action) => _plan.Add((at, what, action));

    private void Start(SwarmPeer peer)
    {
        if (peer.HasLeft)
            return;
        _stopped.Remove(peer);
        _restarted.Add(peer);
        _ = peer.Torrent.Swarm.StartAsync();
    }

    private static void Leave(SwarmPeer peer, bool vanishes)
    {
        if (peer.HasLeft)
            return;
        if (vanishes)
            peer.Vanish();
        else
            peer.Leave();
    }

    private void Check()
    {
        Invariants.Check(World, _restarted);
        foreach (SwarmPeer peer in World.Peers)
        {
            if (peer.HasLeft || peer.Torrent.Status is not { State: TorrentState.Failed } status)
                continue;

            // Whoever owns a disk that fails is told so, sees to it and starts again.
            Assert.True(_devices.ContainsKey(peer), $"{peer.Address} failed without a reason: {status.Error}");
            Assert.Contains(status.Error!.Kind, (TorrentErrorKind[])[TorrentErrorKind.DiskFull, TorrentErrorKind.CannotWrite, TorrentErrorKind.CannotRead]);
            if (!_restarts.TryGetValue(peer, out TimeSpan due))
            {
                Tell($"{peer.Address} failed: {status.Error.Message}");
                _restarts.Add(peer, World.Now + TimeSpan.FromSeconds(_random.Next(1, 30)));
            }
            else if (due <= World.Now && !_stopped.Contains(peer))
            {
                Tell($"{peer.Address} starts again");
                _restarts.Remove(peer);
                Start(peer);
            }
        }
    }
}
