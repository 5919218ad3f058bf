namespace OurTorrent.Simulation.Swarms;

public sealed class LeavingSeederTests
{
    [Fact]
    public void Everybody_completes_when_the_seeder_leaves_with_exactly_one_copy_out()
    {
        using var world = new SwarmWorld(seed: 1, length: 8 * 1024 * 1024);
        world.AddSeeder(Lines.Of(100_000));
        world.AddLeechers(30, Lines.Of(50_000));
        world.RunUntil(() => world.RarestCopies > 0, TimeSpan.FromHours(1));
        TimeSpan left = world.Now;
        SwarmPeer seeder = world.Seeders.First();
        double sent = seeder.Torrent.Status.BytesUploaded / (double)world.Content.Length;
        Assert.Null(world.Leechers.Min(peer => peer.CompletedAt));
        seeder.Leave();
        world.RunToCompletion(TimeSpan.FromHours(1));

        Figures.Show($"the seeder left at {left} after {sent:F2} copies, the last completed at {world.LastCompletion}");
        world.Expect(() =>
        {
            Assert.Empty(world.Unfinished);
            Assert.InRange(world.LastCompletion / world.FluidBound, 1, 1.35);
        });
    }
}
