using System.Net;
using System.Security.Cryptography;
using OurTorrent.Engines;
using OurTorrent.Network.Epoll;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Peers;

/// <summary>The whole way of a block from one engine to another, through the system's sockets; both run on the test's own thread.</summary>
public sealed class TransferAllocationTests
{
    private const int PieceLength = 256 * 1024;
    private const int PieceCount = 800;
    private const int Share = PieceCount / 10;

    private readonly Clock _clock = new();

    [Fact]
    public async Task A_block_costs_next_to_no_allocation_in_who_sends_it_and_who_receives_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs epoll.");
        TorrentMetainfo metainfo = Describe();
        using Engine seeder = await StartAsync(1);
        var seed = new Torrent(seeder, metainfo, new TorrentOptions { Storage = new Zeros { Exists = true } }, [FilePriority.Normal]);
        seeder.Add(seed.Swarm);
        using Engine leecher = await StartAsync(2);
        var options = new TorrentOptions { Storage = new Zeros(), Peers = [new IPEndPoint(IPAddress.Loopback, seeder.ListenPort)] };
        var leech = new Torrent(leecher, metainfo, options, [FilePriority.Normal]);
        while (!seed.Swarm.Have.IsFull)
            seeder.Loop.Turn(wait: false);
        leecher.Add(leech.Swarm);

        TurnUntil(Share);
        long allocated = Allocation.Least(() => TurnUntil(leech.Swarm.Have.Count + Share));

        // Nothing for a block, and nothing for a piece; what is left is done once in a while.
        Assert.InRange(allocated / Share, 0, 32);

        void TurnUntil(int count)
        {
            for (int turns = 0; leech.Swarm.Have.Count < count; turns++)
            {
                Assert.True(turns < 1_000_000, "The download does not get on.");
                _clock.Now += TimeSpan.TicksPerMillisecond / 10;
                seeder.Loop.Turn(wait: false);
                leecher.Loop.Turn(wait: false);
            }
        }
    }

    private static TorrentMetainfo Describe()
    {
        byte[] hash = SHA1.HashData(new byte[PieceLength]);
        return new MetainfoBuilder
        {
            Name = "zeros",
            PieceLength = PieceLength,
            Files = [new MetainfoFile([], (long)PieceCount * PieceLength)],
            PieceHashes = Enumerable.Repeat(hash, PieceCount).SelectMany(bytes => bytes).ToArray(),
        }.Build();
    }

    private async Task<Engine> StartAsync(int seed)
    {
        var engine = new Engine(
            new SessionOptions { BindAddress = IPAddress.Loopback, Port = 0 },
            new EngineEnvironment
            {
                Network = new EpollNetwork(_clock),
                Disk = new ImmediateDisk(),
                Http = new HttpGetter(null, "test", TimeSpan.FromSeconds(1)),
                Time = _clock,
                Random = new Random(seed),
                RunsOwnThread = false,
            });
        await engine.StartAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    /// <summary>A clock that is moved by hand.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }

    /// <summary>Does each job where it is handed over; its outcome waits for the next look of the loop, as ever.</summary>
    private sealed class ImmediateDisk : IDiskScheduler
    {
        public int Workers => 1;

        public void Submit(DiskJob job, int lane)
        {
            job.Execute();
            job.Loop.Post(job);
        }

        public void Dispose()
        {
            // There are no threads to end.
        }
    }

    /// <summary>A file of zeros, which takes everything and keeps nothing.</summary>
    private sealed class Zeros : IStorage
    {
        public bool Exists { get; set; }

        public FileStamp? GetStamp(int file) => Exists ? new FileStamp((long)PieceCount * PieceLength, DateTimeOffset.UnixEpoch) : null;

        public void Prepare(int file) => Exists = true;

        public int Read(int file, long offset, Span<byte> destination)
        {
            destination.Clear();
            return destination.Length;
        }

        public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => Assert.True(Exists);

        public void Flush() => Assert.True(Exists);

        public void Dispose() => Exists = false;
    }
}
