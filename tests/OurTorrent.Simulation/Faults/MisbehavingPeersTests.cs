using OurTorrent.Simulation.Misbehaving;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Faults;

/// <summary>Peers that misbehave, among peers that do not.</summary>
public sealed class MisbehavingPeersTests
{
    private static readonly Dictionary<int, TimeSpan> TimesWithout = [];

    private static readonly HostOptions Link = new() { UploadRate = 100_000, DownloadRate = 1_000_000, SendBuffer = 32 * 1024 };

    [Theory]
    [InlineData(1)]
    [InlineData(0.2)]
    public void Where_a_fifth_sends_false_blocks_each_is_banned_by_all_it_deceives_and_nobody_else_is(double share)
    {
        using SwarmWorld world = MakeSwarm(leechers: 23);
        RawPeer[] bad = [.. Enumerable.Range(0, 6).Select(_ => world.AddRaw(new CorruptBlocks(share), Link))];
        world.RunInOrder(TimeSpan.FromHours(1));
        world.Expect(() =>
        {
            foreach (RawPeer peer in bad)
            {
                Assert.Equal(23, peer.Deceived.Count);
                Assert.All(
                    world.Peers.Where(honest => peer.Deceived.Contains(honest.Address)),
                    honest => Assert.Contains(peer.EndPoint.Address, honest.Log.Bans));
            }

            // No later than without them, by more than a quarter.
            TimeSpan usual = TimeWithout(leechers: 23);
            Figures.Show($"{share} false: {world.LastCompletion}, without {usual}");
            Assert.InRange(world.LastCompletion, TimeSpan.Zero, usual * 1.25);
        });
    }

    [Theory]
    [InlineData(nameof(SaysNothing))]
    [InlineData(nameof(NeverUnchokes))]
    [InlineData(nameof(TakesRequests))]
    [InlineData(nameof(Trickles))]
    [InlineData(nameof(Vanishes))]
    [InlineData(nameof(Reconnects))]
    [InlineData(nameof(SendsUnasked))]
    [InlineData(nameof(Floods))]
    [InlineData(nameof(Lies))]
    public void A_third_that_is_of_no_use_delays_the_others_by_a_quarter_at_the_most(string kind)
    {
        using SwarmWorld world = MakeSwarm(leechers: 11);
        for (int i = 0; i < 6; i++)
            world.AddRaw(Make(kind), Link);
        world.RunInOrder(TimeSpan.FromHours(1));
        world.Expect(() =>
        {
            TimeSpan usual = TimeWithout(leechers: 11);
            Figures.Show($"{kind}: {world.LastCompletion}, without {usual}");
            Assert.All(world.Peers, peer => Assert.Empty(peer.Log.Bans));
            Assert.InRange(world.LastCompletion, TimeSpan.Zero, usual * 1.25);
        });
    }

    [Theory]
    [InlineData(nameof(SaysNothing))]
    [InlineData(nameof(NeverUnchokes))]
    [InlineData(nameof(TakesRequests))]
    [InlineData(nameof(Trickles))]
    [InlineData(nameof(Vanishes))]
    [InlineData(nameof(Reconnects))]
    [InlineData(nameof(SendsUnasked))]
    [InlineData(nameof(Floods))]
    [InlineData(nameof(Lies))]
    public void One_good_seeder_among_twenty_that_are_of_no_use_is_enough(string kind)
    {
        using SwarmWorld world = MakeSwarm(leechers: 1);
        for (int i = 0; i < 20; i++)
            world.AddRaw(Make(kind), Link);
        world.RunInOrder(TimeSpan.FromHours(1));
        world.Expect(() =>
        {
            TimeSpan usual = TimeWithout(leechers: 1);
            Figures.Show($"one of 21, {kind}: {world.LastCompletion}, alone {usual}");
            Assert.InRange(world.LastCompletion, TimeSpan.Zero, usual * 1.5);
        });
    }

    [Theory]
    [InlineData(nameof(TakesRequests), 3)]
    [InlineData(nameof(Trickles), 3)]
    [InlineData(nameof(NeverUnchokes), 4)]
    [InlineData(nameof(Floods), 7)]
    public void Peers_that_take_all_places_and_give_nothing_lose_them_to_others(string kind, int minutes)
    {
        using var world = new SwarmWorld(seed: 1, length: 4 * 1024 * 1024);
        for (int i = 0; i < 10; i++)
            world.AddRaw(Make(kind), Link);
        SwarmPeer leecher = world.AddPeer(new PeerSetup { Link = Link, Torrent = new TorrentOptions { MaxPeers = 10 } });
        world.Run(TimeSpan.FromSeconds(5));
        world.Expect(() => Assert.Equal(10, leecher.Torrent.Status.PeersConnected));

        world.AddSeeder(Link);
        world.RunInOrder(TimeSpan.FromMinutes(minutes));
        Figures.Show($"places taken by {kind}: {world.LastCompletion}");
    }

    [Fact]
    public void What_some_refuse_is_asked_of_who_does_not_even_where_there_is_but_one_block()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            using var world = new SwarmWorld(seed, length: 10_000);
            for (int i = 0; i < 5; i++)
                world.AddRaw(new Lies(), Link);
            world.AddLeechers(1, Link);
            world.Run(TimeSpan.FromSeconds(5));
            world.AddSeeder(Link);
            world.RunInOrder(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void Who_misbehaves_after_each_handshake_is_dialled_ever_more_rarely()
    {
        using var world = new SwarmWorld(seed: 1);
        world.AddLeechers(1, Link);
        RawPeer bad = world.AddRaw(new SendsUnasked(), Link);
        world.Run(TimeSpan.FromHours(2));

        // After 30 s, 1, 2, 4, 8, 16 and 32 minutes, and then once an hour.
        world.Expect(() => Assert.InRange(bad.Handshakes.Count, 7, 9));
    }

    private static SwarmWorld MakeSwarm(int leechers)
    {
        var world = new SwarmWorld(seed: 1, length: 4 * 1024 * 1024);
        world.AddSeeder(Link);
        world.AddLeechers(leechers, Link);
        return world;
    }

    private static TimeSpan TimeWithout(int leechers)
    {
        if (!TimesWithout.TryGetValue(leechers, out TimeSpan time))
        {
            using SwarmWorld world = MakeSwarm(leechers);
            world.RunInOrder(TimeSpan.FromHours(1));
            TimesWithout.Add(leechers, time = world.LastCompletion);
        }

        return time;
    }

    private static Misbehavior Make(string kind) => kind switch
    {
        nameof(SaysNothing) => new SaysNothing(),
        nameof(NeverUnchokes) => new NeverUnchokes(),
        nameof(TakesRequests) => new TakesRequests(),
        nameof(Trickles) => new Trickles(),
        nameof(Vanishes) => new Vanishes(blocks: 5),
        nameof(Reconnects) => new Reconnects(blocks: 3),
        nameof(SendsUnasked) => new SendsUnasked(),
        nameof(Floods) => new Floods(messagesPerSecond: 500),
        _ => new Lies(),
    };
}
