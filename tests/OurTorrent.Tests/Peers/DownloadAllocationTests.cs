using System.Net;
using System.Security.Cryptography;
using OurTorrent.Engines;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Peers;

/// <summary>The whole way of a block in, from the socket to the storage, as the engine goes it.</summary>
public sealed class DownloadAllocationTests
{
    private const int PieceLength = 256 * 1024;
    private const int PieceCount = 400;

    [Fact]
    public async Task A_block_costs_next_to_no_allocation_from_the_socket_to_the_storage()
    {
        var clock = new Clock();
        using var engine = new Engine(
            new SessionOptions { BindAddress = IPAddress.Loopback },
            new EngineEnvironment
            {
                Network = new InstantSeed(),
                Disk = new ImmediateDisk(),
                Http = new HttpGetter(null, "test", TimeSpan.FromSeconds(1)),
                Time = clock,
                Random = new Random(1),
                RunsOwnThread = false,
            });
        await engine.StartAsync(TestContext.Current.CancellationToken);
        var options = new TorrentOptions { Storage = new Sink(), Peers = [new IPEndPoint(IPAddress.Loopback, 2)] };
        var torrent = new Torrent(engine, Describe(), options, [FilePriority.Normal]);
        engine.Add(torrent.Swarm);

        TurnUntil(PieceCount / 10);
        long allocated = Allocation.Least(() => TurnUntil(torrent.Swarm.Have.Count + (PieceCount / 10)));

        // Nothing for a block, and nothing for a piece; what is left is done once in a while.
        Assert.InRange(allocated / (PieceCount / 10), 0, 32);

        void TurnUntil(int count)
        {
            for (int turns = 0; torrent.Swarm.Have.Count < count; turns++)
            {
                Assert.True(turns < 100_000, "The download does not get on.");
                clock.Now += TimeSpan.TicksPerMillisecond / 10;
                engine.Loop.Turn(wait: false);
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

    /// <summary>A file that takes everything and keeps nothing.</summary>
    private sealed class Sink : IStorage
    {
        private bool _exists;

        public FileStamp? GetStamp(int file) => _exists ? new FileStamp((long)PieceCount * PieceLength, DateTimeOffset.UnixEpoch) : null;

        public void Prepare(int file) => _exists = true;

        public int Read(int file, long offset, Span<byte> destination) => 0;

        public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => Assert.True(_exists);

        public void Flush() => Assert.True(_exists);

        public void Dispose() => _exists = false;
    }
}
