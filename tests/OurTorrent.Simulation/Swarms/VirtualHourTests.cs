namespace OurTorrent.Simulation.Swarms;

public sealed class VirtualHourTests
{
    [Fact]
    public void An_hour_of_fifty_peers_is_a_million_and_a_half_events()
    {
        using var world = new SwarmWorld(seed: 1, length: 8 * 1024 * 1024);
        world.AddSeeder(Lines.Of(7000));
        world.AddLeechers(49, Lines.Of(7000));
        world.Run(TimeSpan.FromHours(1));

        // Not its time, which is the machine's: some seconds. The line of the seeder is busy for most of the hour.
        Figures.Show($"an hour of 50 peers: {world.Simulator.Time.Happened} events, last complete at {world.LastCompletion}");
        world.Expect(() =>
        {
            Assert.Empty(world.Unfinished);
            Assert.InRange(world.LastCompletion.TotalMinutes, 20, 60);
            Assert.InRange(world.Simulator.Time.Happened, 1, 1_500_000);
        });
    }
}
