using System.Net;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Faults;

/// <summary>Trackers that are down, and trackers that lie.</summary>
public sealed class TrackerFaultTests
{
    private const int Length = 4 * 1024 * 1024;
    private static readonly HostOptions Link = new() { UploadRate = 100_000, DownloadRate = 1_000_000, SendBuffer = 32 * 1024 };

    /// <summary>What one seeder takes for one leecher.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(Length / 100_000.0);

    [Fact]
    public void While_the_tracker_is_down_the_swarm_goes_on_and_who_comes_then_joins_it_when_it_is_back()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.Tracker.Interval = TimeSpan.FromMinutes(2);
        world.AddSeeder(Link);
        world.AddLeechers(9, Link);
        world.Run(TimeSpan.FromSeconds(10));
        world.Tracker.IsDown = true;
        SwarmPeer late = world.AddPeer(new PeerSetup { Link = Link });
        world.Run(TimeSpan.FromMinutes(10));
        world.Expect(() =>
        {
            Assert.All(world.Peers.Where(peer => peer != late), peer => Assert.NotNull(peer.CompletedAt));
            Assert.Equal(0, late.Torrent.Status.PeersKnown);
        });

        world.Tracker.IsDown = false;
        TimeSpan back = world.Now;
        world.RunUntil(() => late.Torrent.Status.PeersConnected > 0, TimeSpan.FromHours(1));
        Figures.Show($"joined {world.Now - back} after the tracker was back");
        world.Expect(() => Assert.InRange(world.Now - back, TimeSpan.Zero, TimeSpan.FromMinutes(11)));
        world.RunInOrder(TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("its own address")]
    [InlineData("the address of who asks")]
    [InlineData("nobody's addresses")]
    [InlineData("one peer a thousand times")]
    public void What_a_tracker_makes_up_delays_a_download_by_a_tenth_and_never_fills_the_list(string lie)
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.Tracker.Lie = (request, chosen) => chosen.Concat(MakeUp(lie, world, request));
        world.AddSeeder(Link);
        SwarmPeer leecher = world.AddPeer(new PeerSetup { Link = Link });
        int mostKnown = 0;
        world.RunUntil(
            () =>
            {
                Invariants.Check(world);
                mostKnown = Math.Max(mostKnown, leecher.Torrent.Status.PeersKnown);
                return leecher.CompletedAt is not null;
            },
            TimeSpan.FromHours(1));
        Figures.Show($"{lie}: {world.LastCompletion}, {mostKnown} known");
        world.Expect(() =>
        {
            Assert.InRange(mostKnown, 1, 2000);
            Assert.InRange(world.LastCompletion, Usual, Usual * 1.1);
        });
    }

    [Fact]
    public void One_peer_that_lives_among_five_thousand_that_are_dead_is_found_within_two_minutes()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        SwarmPeer seeder = world.AddSeeder(Link);
        world.Tracker.Lie = (_, _) => [seeder.EndPoint, .. Dead(5000)];
        SwarmPeer leecher = world.AddPeer(new PeerSetup { Link = Link });
        world.RunInOrder(TimeSpan.FromHours(1));

        // Two thousand are remembered, fifty tried at once, and a dead address is known to be so after three seconds.
        Figures.Show($"5,000 dead: {world.LastCompletion - Usual} until the one that lives");
        world.Expect(() =>
        {
            Assert.InRange(world.LastCompletion - Usual, TimeSpan.Zero, TimeSpan.FromSeconds(122));
            Assert.Equal(2000, leecher.Torrent.Status.PeersKnown);
        });
    }

    [Theory]
    [InlineData(0, 0, 0, 4)]
    [InlineData(1, -1, -1, 370)]
    [InlineData(-1, int.MinValue, int.MaxValue, 4)]
    [InlineData(int.MinValue, int.MaxValue, int.MinValue, 4)]
    [InlineData(int.MaxValue, 0, 0, 4)]
    public void Whatever_interval_and_counts_a_tracker_names_it_is_asked_with_reason(int interval, int leechers, int seeders, int mostAnnounces)
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.Tracker.FalseNumbers = (interval, leechers, seeders);
        world.AddSeeder(Link);
        world.AddLeechers(1, Link);
        world.RunInOrder(TimeSpan.FromHours(1));
        world.Run(TimeSpan.FromHours(1) - world.Now);
        world.Expect(() =>
        {
            Assert.InRange(world.LastCompletion, Usual, Usual * 1.1);
            Assert.All(world.Peers, peer =>
                Assert.InRange(world.Tracker.Announces.Count(announce => announce.From.Equals(peer.EndPoint)), 1, mostAnnounces));
        });
    }

    private static IEnumerable<IPEndPoint> MakeUp(string lie, SwarmWorld world, UdpAnnounceRequest request) => lie switch
    {
        "its own address" => [new IPEndPoint(world.Tracker.Host.Addresses[0], 6969)],
        "the address of who asks" => world.Peers.Where(peer => peer.EndPoint.Port == request.Port).Select(peer => peer.EndPoint),
        "nobody's addresses" =>
        [
            new IPEndPoint(IPAddress.Any, 6881), new IPEndPoint(IPAddress.Broadcast, 6881), new IPEndPoint(IPAddress.Loopback, 6881),
            new IPEndPoint(IPAddress.Parse("224.0.0.1"), 6881), new IPEndPoint(IPAddress.Parse("10.1.0.3"), 0),
        ],
        _ => Enumerable.Repeat(new IPEndPoint(IPAddress.Parse("10.200.0.1"), 6881), 1000),
    };

    private static IEnumerable<IPEndPoint> Dead(int count) =>
        Enumerable.Range(0, count).Select(i => new IPEndPoint(new IPAddress([10, 201, (byte)(i / 250), (byte)(i % 250)]), 6881));
}
