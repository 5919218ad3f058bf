using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Simulation.Tracking;

/// <summary>A whole tracker behind its packets, on a virtual clock, and the truth about its clients, against which every answer is held.</summary>
internal sealed class TrackerWorld : IAsyncDisposable
{
    public static readonly TimeSpan PeerLifetime = TimeSpan.FromMinutes(45);

    /// <summary>By when a peer that has vanished must be forgotten.</summary>
    public static readonly TimeSpan Forgotten = PeerLifetime * 1.1;

    private readonly Dictionary<InfoHash, Dictionary<CompactPeer, TrackedPeer>> _swarms = [];
    private readonly TrackerClock _clock;
    private readonly UdpExchange _exchange;
    private readonly HashSet<CompactPeer> _given = [];
    private readonly byte[] _reply = new byte[UdpExchange.MaxReplyLength];

    public TrackerWorld(int seed)
    {
        Random = new Random(seed);
        Store = new MemorySwarmStore(new MemorySwarmStoreOptions { PeerLifetime = PeerLifetime, TimeProvider = Time }, new Random(seed));
        _clock = new TrackerClock(Time);
        Interval = new AnnounceInterval(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30), targetRate: 4);
        _exchange = new UdpExchange(
            new TrackerService(Store, new OpenAccess(), Interval), new ConnectionIds(new byte[SipHash.KeyLength]), _clock, new TrackerOptions(), Counters, Counters, (ulong)seed);
    }

    public VirtualTime Time { get; } = new();

    /// <summary>The longest interval in force so far.</summary>
    public int LongestInterval { get; private set; }

    public Random Random { get; }

    public MemorySwarmStore Store { get; }

    public AnnounceInterval Interval { get; }

    public RequestCounters Counters { get; } = new();

    /// <summary>Peers that have announced and have neither stopped nor been silent for so long that they must be forgotten.</summary>
    public int Alive => _swarms.Values.Sum(swarm => swarm.Values.Count(peer => Time.Now - peer.Heard <= PeerLifetime));

    /// <summary>Has the interval follow the load, as a running tracker does.</summary>
    public void WatchLoad() => Watch(Counters.Announces);

    public ReadOnlySpan<byte> Send(ReadOnlySpan<byte> packet, in ClientAddress source, ushort port)
    {
        int length = _exchange.Answer(packet, source, port, _reply);
        if (length == 0)
            throw new SimulationFailedException($"At {Time.Now} the tracker did not answer a request of {packet.Length} bytes.");
        return _reply.AsSpan(0, length);
    }

    /// <summary>Holds an answer against the truth, and takes note of the announce.</summary>
    public void Check(TrackedPeer peer, AnnounceEvent what, ReadOnlySpan<byte> peers, int seeders, int leechers, int wanted)
    {
        if (!_swarms.TryGetValue(peer.Swarm, out Dictionary<CompactPeer, TrackedPeer>? swarm))
            swarm = _swarms[peer.Swarm] = [];
        if (what == AnnounceEvent.Stopped)
        {
            swarm.Remove(peer.Peer);
            if (!peers.IsEmpty)
                throw Failed("one that stops is given peers");
            return;
        }

        peer.Heard = Time.Now;
        swarm[peer.Peer] = peer;
        int given = CheckPeers(peer, swarm, peers);

        // To count a swarm takes longer than all else together.
        if (Counters.Announces % 8 == 0)
            CheckCounts(peer, swarm, given, seeders, leechers, wanted);
    }

    public ValueTask DisposeAsync()
    {
        _clock.Dispose();
        return Store.DisposeAsync();
    }

    private void Watch(long before)
    {
        var period = TimeSpan.FromSeconds(10);
        Interval.Update((Counters.Announces - before) / period.TotalSeconds, period);
        LongestInterval = Math.Max(LongestInterval, Interval.Seconds);
        long now = Counters.Announces;
        Time.After(period, () => Watch(now));
    }

    private int CheckPeers(TrackedPeer self, Dictionary<CompactPeer, TrackedPeer> swarm, ReadOnlySpan<byte> peers)
    {
        int length = self.Peer.WireLength;
        if (peers.Length % length != 0)
            throw Failed("the last peer is cut off");
        _given.Clear();
        for (int at = 0; at < peers.Length; at += length)
        {
            if (!CompactPeer.TryParse(peers.Slice(at, length), out CompactPeer peer))
                throw Failed("a peer cannot be read");
            if (!_given.Add(peer))
                throw Failed($"{peer} is given twice");
            if (peer == self.Peer)
                throw Failed("a peer is given itself");
            if (!swarm.TryGetValue(peer, out TrackedPeer? known))
                throw Failed($"{peer} is given and is not in the swarm");
            if (Time.Now - known.Heard > Forgotten)
                throw Failed($"{peer} is still there, heard of at {known.Heard}");
            if (self.IsSeeder && known.IsSeeder)
                throw Failed("a seeder is given a seeder");
        }

        return _given.Count;
    }

    private void CheckCounts(TrackedPeer self, Dictionary<CompactPeer, TrackedPeer> swarm, int given, int seeders, int leechers, int wanted)
    {
        int certain = 0, possible = 0, useful = 0;
        List<CompactPeer>? gone = null;
        foreach (TrackedPeer peer in swarm.Values)
        {
            TimeSpan silent = Time.Now - peer.Heard;
            if (silent > Forgotten)
            {
                (gone ??= []).Add(peer.Peer);
                continue;
            }

            possible++;
            if (silent > PeerLifetime)
                continue;

            certain++;
            if (peer != self && peer.Peer.IsIPv6 == self.Peer.IsIPv6 && !(self.IsSeeder && peer.IsSeeder))
                useful++;
        }

        foreach (CompactPeer peer in gone ?? [])
            swarm.Remove(peer);
        if (seeders + leechers < certain || seeders + leechers > possible)
            throw Failed($"{seeders + leechers} peers are told, {certain} to {possible} being there");
        if (given < Math.Min(useful, wanted))
            throw Failed($"{given} are given of {useful} that are there, {wanted} being wanted");
    }

    private SimulationFailedException Failed(string what) => new($"At {Time.Now} the tracker is wrong: {what}.");
}
