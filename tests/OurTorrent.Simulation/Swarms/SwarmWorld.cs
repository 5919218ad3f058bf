using System.Globalization;
using System.Net;
using System.Text;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Storage;
using OurTorrent.Simulation.Trackers;

namespace OurTorrent.Simulation.Swarms;

/// <summary>
/// A torrent, a tracker that knows it, and peers that share it, each the engine as users run it. Nobody is told of anybody
/// but by the tracker, unless the test does it.
/// </summary>
internal sealed class SwarmWorld : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly List<SwarmPeer> _peers = [];
    private readonly List<SwarmPeer> _incomplete = [];
    private int _hosts;

    /// <summary>Makes a world with content of one file and a tracker.</summary>
    /// <param name="seed">Decides everything that is left to chance, unless the environment names another (see <see cref="SimulationSeed"/>).</param>
    /// <param name="length">The length of the content in bytes.</param>
    /// <param name="pieceLength">The length of a piece in bytes.</param>
    public SwarmWorld(int seed, long length = 8 * 1024 * 1024, int pieceLength = 32 * 1024)
        : this(seed, (contentSeed, tracker) => new SimulatedContent(contentSeed, length, pieceLength, tracker))
    {
    }

    /// <summary>Makes a world with content of the test's own.</summary>
    /// <param name="seed">Decides everything that is left to chance, unless the environment names another.</param>
    /// <param name="content">Makes the content, from a seed and the tracker's URL.</param>
    public SwarmWorld(int seed, Func<int, string, SimulatedContent> content)
    {
        Simulator = new Simulator(SimulationSeed.Of(seed));
        Tracker = new SimulatedTracker(Simulator, AddHost(new HostOptions()));
        Content = content(Simulator.Random.Next(), Tracker.Url);
    }

    /// <summary>Clock, network, chance and trace.</summary>
    public Simulator Simulator { get; }

    public SimulatedTracker Tracker { get; }

    public SimulatedContent Content { get; }

    /// <summary>Chance, for whatever the test leaves to it.</summary>
    public Random Random => Simulator.Random;

    /// <summary>The time since the beginning.</summary>
    public TimeSpan Now => Simulator.Time.Now;

    /// <summary>All peers, in the order they came.</summary>
    public IReadOnlyList<SwarmPeer> Peers => _peers;

    /// <summary>Those that had the content from the start.</summary>
    public IEnumerable<SwarmPeer> Seeders => _peers.Where(peer => peer.Setup.IsSeeder);

    /// <summary>Those that had not.</summary>
    public IEnumerable<SwarmPeer> Leechers => _peers.Where(peer => !peer.Setup.IsSeeder);

    /// <summary>When the last of those that have not left had everything.</summary>
    public TimeSpan LastCompletion => _peers.Where(peer => !peer.HasLeft).Max(peer => peer.CompletedAt) ?? TimeSpan.Zero;

    /// <summary>
    /// The least time in which everybody could have everything, if the content were a fluid and every line full: what the seeders'
    /// lines take for one copy, the slowest line down for its own, and all lines up together for all.
    /// </summary>
    public TimeSpan FluidBound
    {
        get
        {
            double seeders = Seeders.Sum(peer => peer.Host.Options.UploadRate);
            double all = seeders + Leechers.Sum(peer => peer.Host.Options.UploadRate);
            double down = Leechers.Min(peer => peer.Host.Options.DownloadRate is > 0 and var rate ? rate : double.MaxValue);
            double demand = Content.Length * (double)Leechers.Count();
            return TimeSpan.FromSeconds(Math.Max(Math.Max(Content.Length / seeders, Content.Length / down), demand / all));
        }
    }

    /// <summary>The addresses of those on whose disk something is missing or wrong.</summary>
    public IEnumerable<IPAddress> Unfinished => _peers.Where(peer => !peer.HasLeft && !peer.Stored.IsWhole).Select(peer => peer.Address);

    /// <summary>How many of those that are there, and had not everything from the start, have the piece that the fewest have.</summary>
    public int RarestCopies
    {
        get
        {
            SwarmPeer[] there = [.. Leechers.Where(peer => !peer.HasLeft)];
            return Enumerable.Range(0, Content.Metainfo.PieceCount).Min(piece => there.Count(peer => peer.Torrent.Swarm.Have[piece]));
        }
    }

    /// <summary>What came twice, or was worth nothing, as a part of what everybody wanted.</summary>
    public double WastedPart =>
        Leechers.Sum(peer => peer.Torrent.Status.BytesWasted) / (double)Leechers.Sum(peer => peer.Torrent.Status.BytesWanted);

    /// <summary>Adds a host with an address of its own, for whoever is no engine.</summary>
    public VirtualHost AddHost(HostOptions link) => Simulator.Network.AddHost(link, NextAddress());

    /// <summary>Adds a peer, which starts at once.</summary>
    public SwarmPeer AddPeer(PeerSetup setup)
    {
        var peer = new SwarmPeer(this, setup, NextAddress());
        _peers.Add(peer);
        _incomplete.Add(peer);
        return peer;
    }

    /// <summary>Adds a seeder.</summary>
    public SwarmPeer AddSeeder(HostOptions? link = null) => AddPeer(new PeerSetup { Link = link ?? new HostOptions(), IsSeeder = true });

    /// <summary>Adds leechers of one kind.</summary>
    public void AddLeechers(int count, HostOptions? link = null)
    {
        for (int i = 0; i < count; i++)
            AddPeer(new PeerSetup { Link = link ?? new HostOptions() });
    }

    /// <summary>Goes on for a while.</summary>
    public void Run(TimeSpan duration)
    {
        TimeSpan end = Now + duration;
        while (Now < end)
            Step(end - Now < Look ? end - Now : Look);
    }

    /// <summary>Goes on until something is so, which is looked at every virtual second.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="limit">For how long, in virtual time, it may not be so.</param>
    /// <exception cref="SimulationFailedException">It was not so in time; the message has the seed and how far everybody is.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        TimeSpan end = Now + limit;
        while (!condition())
        {
            if (Now >= end)
                throw Failure($"What is waited for is not so after {limit}.");
            Step(Look);
        }
    }

    /// <summary>Goes on until everybody who has not left has everything it wants.</summary>
    public void RunToCompletion(TimeSpan limit) => RunUntil(() => _incomplete.Count == 0, limit);

    /// <summary>Says what must be so now; what is not is told with the seed and how far everybody is.</summary>
    public void Expect(Action assertions)
    {
        try
        {
            assertions();
        }
        catch (Exception e)
        {
            throw Failure(e.Message, e);
        }
    }

    /// <summary>How far everybody is, and what it cost.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        foreach (SwarmPeer peer in _peers)
        {
            TorrentStatus status = peer.Torrent.Status;
            text.Append(CultureInfo.InvariantCulture, $"{peer.Address} {(peer.Setup.IsSeeder ? "seeder" : "leecher")} {status.State} {status.Progress:P1}");
            text.Append(CultureInfo.InvariantCulture, $" completed {peer.CompletedAt}, down {status.BytesDownloaded}, up {status.BytesUploaded},");
            text.Append(CultureInfo.InvariantCulture, $" wasted {status.BytesWasted}, peers {status.PeersConnected}/{status.PeersKnown}, bans {peer.Log.Bans.Count}\n");
            if (status.Error is { } error)
                text.Append(error.Message).Append('\n');
        }

        return text.ToString();
    }

    public void Dispose()
    {
        foreach (SwarmPeer peer in _peers)
            peer.Dispose();
        Simulator.Dispose();
    }

    // Each in a network of its own: what depends on the first bytes of an address (BEP 6) is to differ.
    private string NextAddress() => string.Create(CultureInfo.InvariantCulture, $"10.{1 + (++_hosts / 250)}.{_hosts % 250}.1");

    private void Step(TimeSpan duration)
    {
        Simulator.RunFor(duration);
        _incomplete.RemoveAll(peer => peer.Observe(Now) || peer.HasLeft);
    }

    private SimulationFailedException Failure(string problem, Exception? inner = null)
    {
        const int MaxSummary = 8000;
        string summary = Summary();
        return new SimulationFailedException(
            $"{problem} ({Now} into the run, seed {Simulator.Seed}; {SimulationSeed.Replay(Simulator.Seed)})\n{summary[..Math.Min(summary.Length, MaxSummary)]}",
            inner);
    }
}
