using OurTorrent.Simulation.Network;

namespace OurTorrent.Simulation.Swarms;

public sealed class SwarmCompletionTests
{
    [Fact]
    public void Fifty_leechers_meet_through_the_tracker_and_all_complete()
    {
        using var world = new SwarmWorld(seed: 1);
        var link = new HostOptions { UploadRate = 50_000, DownloadRate = 500_000, SendBuffer = 32 * 1024 };
        world.AddSeeder(link);
        world.AddLeechers(50, link);
        world.RunToCompletion(TimeSpan.FromHours(1));
        world.Expect(() => Assert.All(world.Leechers, peer => Assert.True(peer.Stored.IsWhole)));
    }
}
