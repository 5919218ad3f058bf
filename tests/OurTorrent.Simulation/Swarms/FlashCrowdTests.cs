namespace OurTorrent.Simulation.Swarms;

public sealed class FlashCrowdTests
{
    private const int Mebi = 1024 * 1024;

    [Fact]
    public void A_crowd_that_comes_within_eight_seconds_is_served_within_1_25_times_the_bound()
    {
        using SwarmWorld world = Arrive(seed: 1, 80, TimeSpan.FromSeconds(0.1));
        world.RunToCompletion(4 * world.FluidBound);

        double ratio = world.LastCompletion / world.FluidBound;
        Figures.Show($"a crowd of 80 within 8 s: {ratio:F3} times {world.FluidBound:mm\\:ss}");
        world.Expect(() => Assert.InRange(ratio, 1, 1.25));
    }

    [Fact]
    public void Who_comes_late_is_served_faster_than_who_came_first()
    {
        using SwarmWorld world = Arrive(seed: 2, 40, TimeSpan.FromSeconds(5));
        world.RunToCompletion(TimeSpan.FromHours(1));

        SwarmPeer[] leechers = [.. world.Leechers];
        double first = leechers[..10].Average(peer => peer.Took!.Value.TotalSeconds);
        double last = leechers[^10..].Average(peer => peer.Took!.Value.TotalSeconds);
        double longest = leechers.Max(peer => peer.Took!.Value.TotalSeconds);
        Figures.Show($"one every 5 s: the first 10 took {first:F0} s, the last 10 {last:F0} s, nobody longer than {longest:F0} s; the bound is {world.FluidBound:mm\\:ss}");
        world.Expect(() =>
        {
            Assert.InRange(last, 0, first);
            Assert.InRange(longest, 0, 1.25 * world.FluidBound.TotalSeconds);
        });
    }

    private static SwarmWorld Arrive(int seed, int count, TimeSpan gap)
    {
        var world = new SwarmWorld(seed, 6 * Mebi);
        world.AddSeeder(Lines.Of(150_000));
        for (int i = 0; i < count; i++)
        {
            world.AddPeer(new PeerSetup { Link = Lines.Of(50_000) });
            world.Run(gap);
        }

        return world;
    }
}
