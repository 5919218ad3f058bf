namespace OurTorrent.Simulation.Swarms;

public sealed class FreeRiderTests
{
    [Fact]
    public void Who_uploads_nothing_waits_while_those_who_do_complete()
    {
        using var world = new SwarmWorld(seed: 1, length: 8 * 1024 * 1024);
        world.AddSeeder(Lines.Of(100_000));
        world.AddLeechers(40, Lines.Of(50_000));
        var nothing = new TorrentOptions { UploadLimit = 1 };
        SwarmPeer[] riders = [.. Enumerable.Range(0, 10).Select(_ => world.AddPeer(new PeerSetup { Link = Lines.Of(50_000), Torrent = nothing }))];
        world.RunToCompletion(TimeSpan.FromHours(1));

        double[] others = [.. world.Leechers.Except(riders).Select(peer => peer.Took!.Value.TotalSeconds)];
        double ratio = riders.Average(peer => peer.Took!.Value.TotalSeconds) / others.Average();
        double first = riders.Min(peer => peer.Took!.Value.TotalSeconds);
        Figures.Show($"10 free riders among 40: {ratio:F2} times as long; the first after {others.Count(took => took < first)} of 40");
        world.Expect(() =>
        {
            Assert.All(riders, peer => Assert.Equal(0, peer.Torrent.Status.BytesUploaded));
            Assert.InRange(ratio, 1.1, 3);
            Assert.InRange(others.Count(took => took < first), 30, 40);
        });
    }
}
