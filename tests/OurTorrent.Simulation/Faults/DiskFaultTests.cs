using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Storage;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Faults;

/// <summary>Disks that fail now and then, fill up, are slow, or lose what is on them.</summary>
public sealed class DiskFaultTests
{
    private const int Length = 4 * 1024 * 1024;
    private static readonly HostOptions Link = new() { UploadRate = 100_000, DownloadRate = 1_000_000, SendBuffer = 32 * 1024 };

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    public void Where_some_writes_and_reads_fail_everybody_completes_all_the_same(double share)
    {
        TimeSpan usual = TimeOf(0);
        TimeSpan failing = TimeOf(share);
        Figures.Show($"{share} fail: {failing}, without {usual}");
        Assert.InRange(failing, TimeSpan.Zero, usual * 1.25);
    }

    [Fact]
    public void A_full_disk_stops_the_torrent_with_its_reason_and_with_room_it_goes_on_and_has_lost_nothing()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.AddSeeder(Link);
        (SwarmPeer leecher, VirtualDevice device, _) = AddOnDevice(world, Link);
        device.Capacity = Length / 2;
        world.RunUntil(() => leecher.Torrent.Status.State == TorrentState.Failed, TimeSpan.FromMinutes(10));
        TorrentStatus full = leecher.Torrent.Status;
        world.Expect(() =>
        {
            Invariants.Check(world);
            Assert.Equal(TorrentErrorKind.DiskFull, full.Error?.Kind);
            Assert.Contains("are still missing", full.Error!.Message, StringComparison.Ordinal);

            // All but the pieces that were being written when it was full.
            Assert.InRange(full.BytesCompleted, (Length / 2) - (8 * 32 * 1024), Length / 2);
        });

        world.Run(TimeSpan.FromMinutes(5));
        device.Capacity = long.MaxValue;
        _ = leecher.Torrent.Swarm.StartAsync();
        world.Run(TimeSpan.FromSeconds(10));
        world.Expect(() => Assert.Equal(full.BytesCompleted, leecher.Torrent.Status.BytesFound));
        world.RunInOrder(TimeSpan.FromMinutes(30));
        Figures.Show($"disk full: {leecher.Torrent.Status.BytesWasted} bytes fetched twice");
        world.Expect(() => Assert.InRange(leecher.Torrent.Status.BytesDownloaded, Length, Length + (8 * 32 * 1024)));
    }

    [Fact]
    public void A_disk_ten_times_slower_than_the_network_sets_the_pace_and_the_sockets_wait()
    {
        const int Limit = 1024 * 1024;
        using var world = new SwarmWorld(seed: 1, 5 * Length);
        var fast = new HostOptions { UploadRate = 10_000_000, DownloadRate = 10_000_000 };
        SwarmPeer seeder = world.AddSeeder(fast);
        (SwarmPeer leecher, VirtualDevice device, _) = AddOnDevice(world, fast, new SessionOptions { BufferLimit = Limit });
        device.Rate = 1_000_000;
        long mostBuffered = 0;
        long mostUnread = 0;
        world.RunUntil(
            () =>
            {
                Invariants.Check(world);
                mostBuffered = Math.Max(mostBuffered, leecher.BufferedBytes);
                mostUnread = Math.Max(mostUnread, seeder.Torrent.Status.BytesUploaded - leecher.Torrent.Status.BytesDownloaded);
                return leecher.CompletedAt is not null;
            },
            TimeSpan.FromHours(1));
        TimeSpan bound = TimeSpan.FromSeconds(5 * Length / 1_000_000.0);
        Figures.Show($"slow disk: {world.LastCompletion}, bound {bound}, {mostBuffered} buffered, {mostUnread} in the sockets");
        world.Expect(() =>
        {
            Assert.InRange(world.LastCompletion, bound, bound * 1.15);
            Assert.InRange(mostBuffered, Limit / 2, Limit + (16 * 1024));
            Assert.InRange(mostUnread, 1, fast.SendBuffer + fast.ReceiveBuffer + (16 * 1024));
        });
    }

    [Fact]
    public void Content_that_is_removed_in_the_middle_is_noticed_and_fetched_again_when_started_again()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.AddSeeder(Link);
        (SwarmPeer leecher, _, DeviceStorage storage) = AddOnDevice(world, Link);
        world.Run(TimeSpan.FromSeconds(20));
        storage.Vanish();
        world.RunUntil(() => leecher.Torrent.Status.State == TorrentState.Failed, TimeSpan.FromMinutes(10));
        world.Expect(() => Assert.Equal(TorrentErrorKind.CannotWrite, leecher.Torrent.Status.Error?.Kind));

        _ = leecher.Torrent.Swarm.StartAsync();
        world.RunUntil(() => leecher.Torrent.Status.State == TorrentState.Downloading, TimeSpan.FromMinutes(1));
        world.Expect(() => Assert.Equal(0, leecher.Torrent.Status.BytesFound));
        world.RunUntil(() => leecher.CompletedAt is not null, TimeSpan.FromMinutes(30));
        world.Expect(() => AssertWhole(world, storage));
    }

    [Fact]
    public void A_seeder_whose_content_is_removed_says_so_and_the_others_finish_among_themselves()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.AddLeechers(2, Link);
        (SwarmPeer seeder, _, DeviceStorage storage) = AddOnDevice(world, Link, isSeeder: true);
        world.RunUntil(() => world.Leechers.Sum(peer => peer.Torrent.Status.BytesCompleted) > 0, TimeSpan.FromMinutes(5));
        storage.Vanish();
        world.RunUntil(() => seeder.Torrent.Status.State == TorrentState.Failed, TimeSpan.FromMinutes(5));
        world.Expect(() =>
        {
            Assert.Equal(TorrentErrorKind.CannotRead, seeder.Torrent.Status.Error?.Kind);
            Assert.All(world.Leechers, peer => Assert.Equal(TorrentState.Downloading, peer.Torrent.Status.State));
        });

        world.AddSeeder(Link);
        world.RunUntil(() => world.Leechers.All(peer => peer.CompletedAt is not null), TimeSpan.FromHours(1));
    }

    private static TimeSpan TimeOf(double share)
    {
        using var world = new SwarmWorld(seed: 1, Length);
        (SwarmPeer Peer, VirtualDevice Device, DeviceStorage Storage)[] peers =
        [
            AddOnDevice(world, Link, isSeeder: true),
            .. Enumerable.Range(0, 8).Select(_ => AddOnDevice(world, Link)),
        ];
        world.Run(TimeSpan.FromSeconds(2));
        foreach ((_, VirtualDevice device, _) in peers)
        {
            device.ReadFailures = share;
            device.WriteFailures = share;
        }

        world.RunInOrder(TimeSpan.FromHours(1));
        world.Expect(() =>
        {
            Assert.All(peers, peer => Assert.Null(peer.Peer.Torrent.Status.Error));
            Assert.Equal(share > 0, peers.Sum(peer => peer.Device.Failed) > 0);
        });
        return world.LastCompletion;
    }

    private static (SwarmPeer Peer, VirtualDevice Device, DeviceStorage Storage) AddOnDevice(
        SwarmWorld world, HostOptions link, SessionOptions? session = null, bool isSeeder = false)
    {
        var device = new VirtualDevice(world.Simulator.Time, new Random(world.Random.Next()));
        DeviceStorage? storage = null;
        SwarmPeer peer = world.AddPeer(new PeerSetup
        {
            Link = link,
            IsSeeder = isSeeder,
            Session = session ?? new SessionOptions(),
            Storage = stored =>
            {
                // The first one is the world's; what comes after a loss is empty.
                bool isFirst = true;
                return storage = new DeviceStorage(device, world.Content.Metainfo, () =>
                {
                    bool first = isFirst;
                    isFirst = false;
                    return first ? stored : new SharedStorage(world.Content);
                });
            },
        });
        peer.Disk.Device = device;
        return (peer, device, storage!);
    }

    private static void AssertWhole(SwarmWorld world, DeviceStorage storage)
    {
        var bytes = new byte[world.Content.Length];
        Assert.Equal(bytes.Length, storage.Read(0, 0, bytes));
        Assert.True(world.Content.Bytes.SequenceEqual(bytes));
    }
}
