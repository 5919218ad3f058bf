using System.Net;
using OurTorrent.Engines;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Storage;

namespace OurTorrent.Simulation.Sessions;

/// <summary>The engine as users run it, unchanged, on a host of the simulated world.</summary>
internal sealed class SimulatedPeer : IDisposable
{
    private readonly Engine _engine;

    public SimulatedPeer(Simulator simulator, HostOptions host, string address, SessionOptions? options = null, TimeSpan? diskJob = null)
    {
        Host = simulator.Network.AddHost(host, address);
        Disk = simulator.CreateDisk(workers: 2);
        if (diskJob is { } cost)
            Disk.Cost = _ => cost;
        var random = new Random(simulator.Random.Next());
        var id = new byte[PeerId.Length];
        random.NextBytes(id);
        _engine = new Engine(
            (options ?? new SessionOptions()) with
            {
                PeerId = new PeerId(id),
                BindAddress = options?.BindAddress ?? IPAddress.Parse(address),
            },
            new EngineEnvironment
            {
                Network = Host.CreateNetwork(),
                Disk = Disk,
                Http = new NoHttp(),
                Time = simulator.Time,
                Random = random,
                TransactionIds = () => (uint)random.NextInt64(uint.MaxValue),
                CacheLimit = 1024 * 1024,
                RunsOwnThread = false,
            });
        simulator.Add(_engine.Loop);
        Assert.True(_engine.StartAsync(CancellationToken.None).IsCompletedSuccessfully);
        EndPoint = new IPEndPoint(IPAddress.Parse(address), _engine.ListenPort);
    }

    public VirtualHost Host { get; }

    public VirtualDiskScheduler Disk { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Memory in use for blocks between sockets and disk.</summary>
    public long BufferedBytes => _engine.GetStatistics().BufferedBytes;

    public void Dispose() => _engine.Dispose();

    public Torrent Add(TorrentMetainfo metainfo, TorrentOptions options)
    {
        var torrent = new Torrent(_engine, metainfo, options, [.. metainfo.Files.Select(file => options.Priority?.Invoke(file) ?? FilePriority.Normal)]);
        _engine.Add(torrent.Swarm);
        return torrent;
    }
}
