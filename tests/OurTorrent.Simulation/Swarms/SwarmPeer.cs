using System.Net;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Sessions;
using OurTorrent.Simulation.Storage;

namespace OurTorrent.Simulation.Swarms;

/// <summary>A peer of a <see cref="SwarmWorld"/>: an engine with the world's torrent, on a host of its own.</summary>
internal sealed class SwarmPeer : IDisposable
{
    private readonly SimulatedPeer _peer;
    private readonly VirtualNetwork _network;

    internal SwarmPeer(SwarmWorld world, PeerSetup setup, string address)
    {
        _network = world.Simulator.Network;
        Setup = setup;
        Address = IPAddress.Parse(address);
        Log = new SimulatedLog(world.Simulator.Time);
        Stored = new SharedStorage(world.Content, setup.IsSeeder);
        ArrivedAt = world.Now;
        _peer = new SimulatedPeer(world.Simulator, setup.Link, address, setup.Session with { LoggerFactory = Log }, setup.DiskJob);
        Torrent = _peer.Add(world.Content.Metainfo, setup.Torrent with { Storage = setup.Storage?.Invoke(Stored) ?? Stored });
    }

    /// <summary>What it was made from.</summary>
    public PeerSetup Setup { get; }

    public IPAddress Address { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _peer.EndPoint;

    /// <summary>Its host; links may be changed at any time.</summary>
    public VirtualHost Host => _peer.Host;

    /// <summary>Its disk.</summary>
    public VirtualDiskScheduler Disk => _peer.Disk;

    /// <summary>What its engine calls the torrent.</summary>
    public Torrent Torrent { get; }

    /// <summary>What lies on its disk in the end, whatever its engine believes.</summary>
    public SharedStorage Stored { get; }

    /// <summary>Its warnings, and whom it has banned.</summary>
    public SimulatedLog Log { get; }

    /// <summary>When it came.</summary>
    public TimeSpan ArrivedAt { get; }

    /// <summary>When it had everything it wanted, to the second; null while it has not. Zero for one that had it from the start.</summary>
    public TimeSpan? CompletedAt { get; private set; }

    /// <summary>How long that took from its arrival.</summary>
    public TimeSpan? Took => CompletedAt - ArrivedAt;

    /// <summary>Whether its engine has ended.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Memory in use for blocks between sockets and disk.</summary>
    public long BufferedBytes => _peer.BufferedBytes;

    /// <summary>Ends its engine as a kill does: the host closes its sockets, and nobody is told anything.</summary>
    public void Leave()
    {
        HasLeft = true;
        _peer.Dispose();
    }

    /// <summary>Its host is gone from the network, without a word to anyone.</summary>
    public void Vanish()
    {
        _network.Isolate(Host);
        Leave();
    }

    /// <summary>Looks whether it has everything by now.</summary>
    internal bool Observe(TimeSpan now)
    {
        if (CompletedAt is null && !HasLeft && Torrent.Swarm.State == TorrentState.Seeding)
            CompletedAt = now;
        return CompletedAt is not null;
    }

    public void Dispose()
    {
        if (!HasLeft)
            Leave();
    }
}
