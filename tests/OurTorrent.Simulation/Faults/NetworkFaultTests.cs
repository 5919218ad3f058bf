using System.Net;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Swarms;

namespace OurTorrent.Simulation.Faults;

/// <summary>Networks that are cut, break, hide behind routers and move.</summary>
public sealed class NetworkFaultTests
{
    private const int Length = 4 * 1024 * 1024;
    private static readonly HostOptions Link = new() { UploadRate = 100_000, DownloadRate = 1_000_000, SendBuffer = 32 * 1024 };
    private static readonly SessionOptions AnyAddress = new() { BindAddress = IPAddress.Any };

    [Fact]
    public void Where_all_but_one_are_behind_routers_everything_goes_through_the_one()
    {
        const int Hidden = 10;
        using var world = new SwarmWorld(seed: 1, Length);
        HostOptions hidden = Link with { Incoming = IncomingConnections.Drop };
        world.AddSeeder(hidden);
        world.AddLeechers(Hidden, hidden);
        world.AddPeer(new PeerSetup { Link = new HostOptions { UploadRate = 400_000, DownloadRate = 1_000_000, SendBuffer = 32 * 1024 } });
        world.RunInOrder(TimeSpan.FromHours(1));
        world.Expect(() =>
        {
            // The hidden cannot reach each other: what they get has come over the one line.
            var bound = TimeSpan.FromSeconds(Hidden * (double)Length / 400_000);
            Figures.Show($"one in the open: {world.LastCompletion}, bound {bound}");
            Assert.InRange(world.LastCompletion, bound, bound * 1.25);
        });
    }

    [Fact]
    public void A_swarm_that_is_cut_in_two_goes_on_in_both_halves_and_ends_soon_after_they_are_joined()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.AddSeeder(Link);
        world.AddLeechers(9, Link);
        world.Run(TimeSpan.FromSeconds(20));
        SwarmPeer[] here = [.. world.Peers.Take(5)];
        SwarmPeer[] there = [.. world.Peers.Skip(5)];
        Cut(world, here, there, cut: true);
        world.Run(TimeSpan.FromMinutes(15));
        world.Expect(() =>
        {
            Assert.All(here, peer => Assert.NotNull(peer.CompletedAt));
            Assert.All(there, peer => Assert.Null(peer.CompletedAt));

            // All that is among the four is with each of them.
            Assert.Single(there.Select(peer => peer.Torrent.Status.BytesCompleted).Distinct());
        });

        TimeSpan joined = world.Now;
        Cut(world, here, there, cut: false);
        world.RunInOrder(TimeSpan.FromHours(2));
        Figures.Show($"after the join: {world.LastCompletion - joined}");
        world.Expect(() => Assert.InRange(world.LastCompletion - joined, TimeSpan.Zero, TimeSpan.FromMinutes(6)));
    }

    [Fact]
    public void Peers_that_are_gone_without_a_word_are_not_waited_for()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        world.AddSeeder(Link);
        world.AddLeechers(15, Link);
        world.Run(TimeSpan.FromSeconds(20));
        foreach (SwarmPeer peer in world.Leechers.Take(8).ToArray())
            peer.Vanish();
        world.RunInOrder(TimeSpan.FromHours(1));
        Figures.Show($"eight of sixteen vanish: {world.LastCompletion}");
        world.Expect(() =>
        {
            Assert.InRange(world.LastCompletion, TimeSpan.Zero, TimeSpan.FromSeconds(120));
            world.Run(TimeSpan.FromMinutes(5));
            Assert.All(world.Peers.Where(peer => !peer.HasLeft), peer => Assert.InRange(peer.Torrent.Status.PeersConnected, 0, 7));
        });
    }

    [Fact]
    public void A_line_that_breaks_all_connections_every_twenty_seconds_is_used_in_between()
    {
        using var world = new SwarmWorld(seed: 1, Length);
        SwarmPeer seeder = world.AddSeeder(Link);
        world.AddLeechers(1, Link);
        world.RunUntil(
            () =>
            {
                if ((int)world.Now.TotalSeconds % 20 == 19)
                    seeder.Host.BreakConnections();
                return world.Leechers.All(peer => peer.CompletedAt is not null);
            },
            TimeSpan.FromHours(1));
        world.Expect(() => Invariants.Check(world));

        // The pause after a connection that was of use is 30 s; both dial.
        TimeSpan usual = TimeSpan.FromSeconds(Length / 100_000.0);
        Figures.Show($"breaking every 20 s: {world.LastCompletion}, bound {usual}");
        world.Expect(() => Assert.InRange(world.LastCompletion, usual, usual * 3.5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_gets_another_address_is_found_again(bool isSeeder)
    {
        using var world = new SwarmWorld(seed: 1, 4 * Length);
        SwarmPeer seeder = world.AddPeer(new PeerSetup { Link = Link, IsSeeder = true, Session = AnyAddress });
        SwarmPeer leecher = world.AddPeer(new PeerSetup { Link = Link, Session = AnyAddress });
        world.Run(TimeSpan.FromSeconds(60));
        (isSeeder ? seeder : leecher).Host.ChangeAddresses("10.99.0.1");
        world.RunInOrder(TimeSpan.FromHours(2));

        // Silence is noticed after two and a half minutes; whichever has moved then dials the other.
        TimeSpan lost = world.LastCompletion - TimeSpan.FromSeconds(4 * Length / 100_000.0);
        Figures.Show($"address of the {(isSeeder ? "seeder" : "leecher")} changes: {lost} lost");
        world.Expect(() => Assert.InRange(lost, TimeSpan.Zero, TimeSpan.FromMinutes(4)));
    }

    private static void Cut(SwarmWorld world, SwarmPeer[] here, SwarmPeer[] there, bool cut)
    {
        foreach (SwarmPeer one in here)
        {
            foreach (SwarmPeer other in there)
            {
                if (cut)
                    world.Simulator.Network.Cut(one.Host, other.Host);
                else
                    world.Simulator.Network.Heal(one.Host, other.Host);
            }
        }
    }
}
