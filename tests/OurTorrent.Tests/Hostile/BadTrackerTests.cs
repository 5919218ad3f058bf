using System.Net;
using System.Text;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Hostile;

/// <summary>A bad tracker is an error line, and the download goes on.</summary>
public sealed class BadTrackerTests : IAsyncLifetime
{
    private readonly Rig _rig = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Trackers_that_answer_rubbish_circle_stream_without_end_or_are_not_there_are_error_lines()
    {
        LoopbackHttpTracker circle = null!;
        await using var rubbish = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply("<html>\r\nnot bencode\u001b[31m"));
        await using var hostile = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply(
            [.. Encoding.ASCII.GetBytes("d14:failure reason18:"), .. Encoding.ASCII.GetBytes("go away\r\n\u001b[2Jnow!!"), (byte)'e']));
        await using var endless = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply("d8:completei0e")) { IsEndless = true };
        await using LoopbackHttpTracker circling = circle = new LoopbackHttpTracker(
            _ => LoopbackHttpTracker.Reply("", "302 Found", $"Location: {circle.Root}/announce\r\n"));
        string[] urls =
        [
            rubbish.Root + "/announce", hostile.Root + "/announce", endless.Root + "/announce", circling.Root + "/announce",
            "http://127.0.0.1:1/announce", "udp://127.0.0.1:1/announce", "gopher://127.0.0.1/announce", "http://",
        ];
        TestContent content = TestContent.Create("file.bin", 32 * 1024, urls, ("", 450_000));
        IPEndPoint seeder = await _rig.SeedAsync(TestContent.Create("file.bin", 32 * 1024, ("", 450_000)));
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, content, options => options with { AnnounceToAllTrackers = true });
        Assert.Equal(torrent.Trackers.Count, torrent.Trackers.Select(tracker => tracker.Url).Distinct().Count());
        torrent.AddPeer(seeder);
        await Rig.WithinAsync(torrent.Completion);
        content.AssertIn(_rig.Folder["leech"]);

        // Nothing listens for UDP there; that no answer comes takes its time to show.
        await Rig.UntilAsync(() => torrent.Trackers.All(tracker =>
            tracker.State == TrackerState.Failed || tracker.Url.StartsWith("udp", StringComparison.Ordinal)));
        foreach (TrackerStatus tracker in torrent.Trackers.Where(tracker => tracker.State == TrackerState.Failed))
        {
            Assert.False(string.IsNullOrWhiteSpace(tracker.Error), tracker.Url);
            Assert.DoesNotContain(tracker.Error!, char.IsControl);
        }

        await torrent.StopAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(torrent.Trackers);
        Assert.Empty(_rig.Log.Errors);
    }

    [Fact]
    public async Task Trackers_are_listed_before_they_were_asked()
    {
        TestContent content = TestContent.Create("file.bin", 32 * 1024, ["http://127.0.0.1:1/announce"], ("", 450_000));
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(
            content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, TestContext.Current.CancellationToken);
        Assert.Equal("http://127.0.0.1:1/announce", Assert.Single(torrent.Trackers).Url);
    }

    [Fact]
    public async Task Peers_a_tracker_makes_up_do_no_harm()
    {
        // Ourselves, port 0, nobody's addresses, one that refuses, and half an entry.
        Session session = await _rig.StartAsync("leech");
        byte[] own = PeerBytes("127.0.0.1", Rig.EndPointOf(session).Port);
        byte[] peers = [.. own, .. PeerBytes("127.0.0.1", 0), .. PeerBytes("255.255.255.255", 80), .. PeerBytes("0.0.0.0", 80), .. PeerBytes("127.0.0.1", 1)];
        byte[] answer = [.. Encoding.ASCII.GetBytes($"d8:intervali1800e5:peers{peers.Length}:"), .. peers, (byte)'e'];
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply(answer));
        TestContent content = TestContent.Create("file.bin", 32 * 1024, [tracker.Root + "/announce"], ("", 450_000));
        IPEndPoint seeder = await _rig.SeedAsync(TestContent.Create("file.bin", 32 * 1024, ("", 450_000)));
        Torrent torrent = await _rig.AddAsync(session, content);
        await _rig.Log.WaitAsync("closed: Self");
        await _rig.Log.WaitAsync("127.0.0.1:1: closed: ConnectFailed");
        torrent.AddPeer(seeder);
        await Rig.WithinAsync(torrent.Completion);
        Assert.Equal(0, session.GetStatistics().HalfOpen);
        Assert.Empty(_rig.Log.Errors);
    }

    private static byte[] PeerBytes(string address, int port) => [.. IPAddress.Parse(address).GetAddressBytes(), (byte)(port >> 8), (byte)port];
}
