using OurTorrent.Protocol;

namespace OurTorrent.Simulation.Tracking;

public class TrackerWeekTests
{
    private const int Clients = 10_000;
    private const int Torrents = 2_000;

    [Fact]
    public async Task In_a_week_of_ten_thousand_clients_every_answer_is_true_and_nothing_is_left_behind()
    {
        int seed = SimulationSeed.Of(1);
        try
        {
            await using var world = new TrackerWorld(seed);
            StartClients(world);
            world.WatchLoad();
            long mostMemory = 0;
            for (int hour = 0; hour < 7 * 24; hour++)
            {
                world.Time.Advance(TimeSpan.FromHours(1));
                mostMemory = Math.Max(mostMemory, world.Store.Totals.MemoryBytes);
                Assert.InRange(world.Store.Totals.Peers, world.Alive, Clients);
            }

            long announces = world.Counters.Announces;
            Assert.True(announces > 500_000, $"{announces} announces");
            Assert.True(mostMemory < 200 * Clients, $"{mostMemory} bytes");
            Assert.Equal((0, 0, 0), (world.Counters.Refused, world.Counters.Dropped, world.Counters.Malformed));
            Assert.InRange(world.LongestInterval, 20 * 60, 30 * 60);
            Assert.NotEqual(20 * 60, world.LongestInterval);
            TestContext.Current.TestOutputHelper?.WriteLine($"{announces} announces, {world.Counters.Connects} connects, at most {mostMemory} bytes, {world.Store.Totals}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new SimulationFailedException($"{e.Message} ({SimulationSeed.Replay(seed)})", e);
        }
    }

    private static void StartClients(TrackerWorld world)
    {
        var torrents = new InfoHash[Torrents];
        var popularity = new double[Torrents];
        var bytes = new byte[InfoHash.Length];
        double sum = 0;
        for (int i = 0; i < Torrents; i++)
        {
            world.Random.NextBytes(bytes);
            torrents[i] = new InfoHash(bytes);
            popularity[i] = sum += 1.0 / (i + 1);
        }

        for (int i = 0; i < Clients; i++)
            new VirtualClient(world, torrents, popularity).Begin();
    }
}
