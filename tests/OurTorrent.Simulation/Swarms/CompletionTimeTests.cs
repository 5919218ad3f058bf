namespace OurTorrent.Simulation.Swarms;

/// <summary>
/// How long it takes until the last of many has everything, beside the least it could take if content were a fluid
/// (<see cref="SwarmWorld.FluidBound"/>).
/// </summary>
public sealed class CompletionTimeTests
{
    private const double Held = 1.25;
    private const int Mebi = 1024 * 1024;

    [Fact]
    public void Fifty_with_lines_like_the_seeder_s_complete_within_1_25_times_the_bound() =>
        Complete(seed: 1, count: 50, length: 16 * Mebi, seederRate: 50_000, rate: 50_000, areMixed: false);

    [Fact]
    public void Fifty_with_mixed_lines_complete_within_1_25_times_the_bound() =>
        Complete(seed: 2, count: 50, length: 8 * Mebi, seederRate: 250_000, rate: 50_000, areMixed: true);

    [Fact]
    public void Two_hundred_with_equal_lines_complete_within_1_25_times_the_bound() =>
        Complete(seed: 3, count: 200, length: 6 * Mebi, seederRate: 125_000, rate: 25_000, areMixed: false);

    [Fact]
    public void Two_hundred_with_mixed_lines_complete_within_1_25_times_the_bound() =>
        Complete(seed: 4, count: 200, length: 6 * Mebi, seederRate: 125_000, rate: 25_000, areMixed: true);

    [Fact(Explicit = true)]
    public void A_thousand_with_equal_lines_complete_within_1_25_times_the_bound() =>
        Complete(seed: 5, count: 1000, length: 8 * Mebi, seederRate: 125_000, rate: 25_000, areMixed: false);

    [Fact(Explicit = true)]
    public void A_thousand_with_mixed_lines_complete_within_1_25_times_the_bound() =>
        Complete(seed: 6, count: 1000, length: 8 * Mebi, seederRate: 125_000, rate: 25_000, areMixed: true);

    private static void Complete(int seed, int count, int length, double seederRate, double rate, bool areMixed)
    {
        using var world = new SwarmWorld(seed, length);

        // The worlds last for minutes: peers come again to the tracker as often in their time as real ones in theirs.
        world.Tracker.Interval = TimeSpan.FromMinutes(2);
        var torrent = new TorrentOptions { MaxPeers = 30 };
        world.AddPeer(new PeerSetup { Link = Lines.Of(seederRate), Torrent = torrent, IsSeeder = true });
        for (int i = 0; i < count; i++)
            world.AddPeer(new PeerSetup { Link = areMixed ? Lines.About(rate, world.Random) : Lines.Of(rate), Torrent = torrent });
        world.RunToCompletion(4 * world.FluidBound);

        double ratio = world.LastCompletion / world.FluidBound;
        Figures.Show($"{count} leechers, {(areMixed ? "mixed" : "equal")}: {ratio:F3} times {world.FluidBound:mm\\:ss}, twice {world.WastedPart:P2}, {world.Simulator.Time.Happened} events");
        world.Expect(() =>
        {
            Assert.Empty(world.Unfinished);
            Assert.InRange(ratio, 1, Held);
        });
    }
}
