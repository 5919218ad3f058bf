namespace OurTorrent.Simulation.Swarms;

public sealed class EndgameTests
{
    [Fact]
    public void Less_than_two_per_cent_comes_twice()
    {
        using var world = new SwarmWorld(seed: 1, length: 16 * 1024 * 1024);
        world.AddSeeder(Lines.Of(500_000));
        for (int i = 0; i < 20; i++)
            world.AddPeer(new PeerSetup { Link = Lines.About(250_000, world.Random) });
        world.RunToCompletion(TimeSpan.FromHours(1));

        double worst = world.Leechers.Max(peer => peer.Torrent.Status.BytesWasted / (double)world.Content.Length);
        Figures.Show($"{world.WastedPart:P2} came twice, {worst:P2} at the worst peer");
        world.Expect(() => Assert.InRange(world.WastedPart, 0, 0.02));
    }
}
