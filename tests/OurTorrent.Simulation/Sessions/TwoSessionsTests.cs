using System.Security.Cryptography;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Network;

namespace OurTorrent.Simulation.Sessions;

/// <summary>Whole engines on the virtual network, disk and clock, from the first handshake to the last piece.</summary>
public sealed class TwoSessionsTests
{
    private const int PieceLength = 64 * 1024;
    private static readonly byte[] Content = RandomBytes(4_000_001);

    [Fact]
    public void A_leecher_gets_the_whole_content_from_a_seeder()
    {
        using var world = new World(seed: 1, uploadRate: 1_000_000);
        world.RunToCompletion(TimeSpan.FromMinutes(1));

        Assert.Equal(Content, world.Received);
        Assert.Equal(TorrentState.Seeding, world.Leecher.Status.State);
        Assert.Equal(0, world.Leecher.Status.BytesWasted);
    }

    [Fact]
    public void The_download_is_as_fast_as_the_slower_link()
    {
        using var world = new World(seed: 2, uploadRate: 500_000);
        world.RunToCompletion(TimeSpan.FromMinutes(1));

        // Eight seconds on the wire; the rest is handshakes, headers and the window that opens.
        Assert.InRange(world.Elapsed.TotalSeconds, 8, 8.8);
    }

    [Fact]
    public void A_slow_disk_holds_the_network_back_and_memory_stays_bounded()
    {
        using var world = new World(seed: 3, uploadRate: 20_000_000, diskJob: TimeSpan.FromMilliseconds(200));
        world.RunToCompletion(TimeSpan.FromMinutes(5));

        Assert.Equal(Content, world.Received);
        Assert.InRange(world.MostBuffered, 1, World.BufferLimit + (2 * 16 * 1024));
    }

    [Fact]
    public void A_download_goes_on_after_the_connection_was_cut()
    {
        using var world = new World(seed: 4, uploadRate: 400_000);
        world.RunFor(TimeSpan.FromSeconds(4));
        double before = world.Leecher.Status.Progress;
        Assert.InRange(before, 0.1, 0.9);

        world.CutFor(TimeSpan.FromMinutes(5));
        world.RunToCompletion(TimeSpan.FromMinutes(15));
        Assert.Equal(Content, world.Received);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_to_the_byte()
    {
        Assert.Equal(TraceOf(seed: 5), TraceOf(seed: 5));
        Assert.NotEqual(TraceOf(seed: 5), TraceOf(seed: 6));
    }

    private static string TraceOf(int seed)
    {
        using var world = new World(seed, uploadRate: 1_000_000, trace: true);
        world.RunToCompletion(TimeSpan.FromMinutes(1));
        return world.Trace;
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A seeder and a leecher that knows its address.</summary>
    private sealed class World : IDisposable
    {
        public const int BufferLimit = 1024 * 1024;

        private readonly Simulator _simulator;
        private readonly MemoryStorage _received;
        private readonly SimulatedPeer _seeder;
        private readonly SimulatedPeer _leecher;

        public World(int seed, double uploadRate, TimeSpan? diskJob = null, bool trace = false)
        {
            _simulator = new Simulator(seed);
            _simulator.Trace.IsOn = trace;
            TorrentMetainfo metainfo = Describe();
            var original = new MemoryStorage(metainfo) { [0] = Content };
            _received = new MemoryStorage(metainfo);
            _seeder = new SimulatedPeer(_simulator, new HostOptions { UploadRate = uploadRate }, "10.0.0.1");
            _leecher = new SimulatedPeer(
                _simulator, new HostOptions(), "10.0.0.2", new SessionOptions { BufferLimit = BufferLimit }, diskJob);
            _seeder.Add(metainfo, new TorrentOptions { Storage = original });
            Leecher = _leecher.Add(metainfo, new TorrentOptions { Storage = _received, Peers = [_seeder.EndPoint] });
        }

        public Torrent Leecher { get; }

        public byte[]? Received => _received[0];

        public TimeSpan Elapsed => _simulator.Time.Now;

        public long MostBuffered { get; private set; }

        public string Trace => _simulator.Trace.ToString();

        public void RunToCompletion(TimeSpan limit) => _simulator.RunUntil(
            () =>
            {
                MostBuffered = Math.Max(MostBuffered, _leecher.BufferedBytes);
                return Leecher.Status.IsComplete;
            },
            limit);

        public void RunFor(TimeSpan duration) => _simulator.RunFor(duration);

        public void CutFor(TimeSpan duration)
        {
            _simulator.Network.Cut(_seeder.Host, _leecher.Host);
            _simulator.RunFor(duration);
            _simulator.Network.Heal(_seeder.Host, _leecher.Host);
        }

        public void Dispose()
        {
            _seeder.Dispose();
            _leecher.Dispose();
            _simulator.Dispose();
        }

        private static TorrentMetainfo Describe()
        {
            var hashes = new List<byte>();
            for (int offset = 0; offset < Content.Length; offset += PieceLength)
                hashes.AddRange(SHA1.HashData(Content.AsSpan(offset, Math.Min(PieceLength, Content.Length - offset))));
            return new MetainfoBuilder
            {
                Name = "content",
                PieceLength = PieceLength,
                Files = [new MetainfoFile([], Content.Length)],
                PieceHashes = hashes.ToArray(),
            }.Build();
        }
    }
}
