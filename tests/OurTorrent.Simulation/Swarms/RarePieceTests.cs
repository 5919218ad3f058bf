namespace OurTorrent.Simulation.Swarms;

public sealed class RarePieceTests
{
    [Fact]
    public void The_seeder_sends_little_twice_before_a_whole_copy_is_out()
    {
        using var world = new SwarmWorld(seed: 1, length: 16 * 1024 * 1024);
        world.AddSeeder(Lines.Of(50_000));
        world.AddLeechers(30, Lines.Of(50_000));
        world.RunUntil(() => world.RarestCopies > 0, TimeSpan.FromHours(1));

        double copies = world.Seeders.First().Torrent.Status.BytesUploaded / (double)world.Content.Length;
        Figures.Show($"{copies:F3} copies sent when one is out, at {world.Now}");
        world.Expect(() => Assert.InRange(copies, 1, 1.2));
    }

    [Fact]
    public void The_rarest_piece_spreads_once_it_is_out()
    {
        using var world = new SwarmWorld(seed: 2, length: 8 * 1024 * 1024);
        world.AddSeeder(Lines.Of(200_000));
        world.AddLeechers(30, Lines.Of(50_000));
        var copies = new List<int>();
        while (world.RarestCopies < 30)
        {
            copies.Add(world.RarestCopies);
            world.Run(TimeSpan.FromSeconds(10));
            Assert.True(copies.Count < 360);
        }

        int first = copies.FindIndex(count => count > 0);
        int half = copies.FindIndex(count => count >= 15);
        Figures.Show($"copies of the rarest piece, every 10 s: {string.Join(' ', copies)}");
        world.Expect(() =>
        {
            // Nobody leaves: it never grows rarer. From one copy to every second peer in the time the swarm needs for a third of the whole.
            Assert.Equal(copies.Order(), copies);
            Assert.InRange(half - first, 1, copies.Count / 3 + 1);
        });
    }
}
