using System.Collections.Concurrent;
using System.Net;
using System.Runtime.Versioning;
using OurTorrent.Interop.Clients;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;
using OurTorrent.Protocol;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Interop.Trackers;

/// <summary>Our tracker, through which clients of others find each other.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OurTrackerTests : InteropTest
{
    /// <summary>transmission is not among those that download: it takes no loopback address from a tracker.</summary>
    [Theory]
    [InlineData("udp", ClientKind.LibTorrent, ClientKind.Aria2)]
    [InlineData("udp", ClientKind.Aria2, ClientKind.LibTorrent)]
    [InlineData("udp", ClientKind.Transmission, ClientKind.Aria2)]
    [InlineData("udp", ClientKind.Transmission, ClientKind.LibTorrent)]
    [InlineData("http", ClientKind.LibTorrent, ClientKind.Aria2)]
    [InlineData("http", ClientKind.Aria2, ClientKind.LibTorrent)]
    [InlineData("http", ClientKind.Transmission, ClientKind.Aria2)]
    [InlineData("http", ClientKind.Transmission, ClientKind.LibTorrent)]
    public async Task Two_clients_of_others_find_each_other_and_pass_the_content_on(string scheme, ClientKind from, ClientKind to)
    {
        await using TrackerServer tracker = await StartTrackerAsync();
        var events = new ConcurrentQueue<PeerEvent>();
        tracker.PeerChanged += events.Enqueue;
        SharedTorrent shared = await SharedTorrent.CreateAsync(Shape.SingleFile, Folder("torrent"), Cancelled, UrlOf(tracker, scheme));
        InfoHash hash = shared.Metainfo.InfoHashes.Wire;
        shared.WriteTo(SeedFolder);

        await using OtherClient seeder = await OtherClient.StartAsync(from, Folder("seeder"), Cancelled);
        await seeder.AddAsync(shared, SeedFolder, Cancelled);
        await seeder.WaitForSeedingAsync(shared, Cancelled);
        await WaitForCountsAsync(tracker, hash, static counts => counts.Seeders == 1);
        await using OtherClient leecher = await OtherClient.StartAsync(to, Folder("leecher"), Cancelled);
        await leecher.AddAsync(shared, DownloadFolder, Cancelled);
        await leecher.WaitForSeedingAsync(shared, Cancelled);

        await WaitForCountsAsync(tracker, hash, static counts => counts == new SwarmCounts(Seeders: 2, Leechers: 0, PartialSeeds: 0, Completed: 1));
        await leecher.StopAsync(Cancelled);
        shared.Content.AssertIn(DownloadFolder);
        PeerEvent completed = Assert.Single(events, static change => change.Change == PeerChange.Completed);
        Assert.Equal((leecher.EndPoint, true), (completed.Peer.ToEndPoint(), completed.IsSeeder));
    }

    private static Task<TrackerServer> StartTrackerAsync()
    {
        var anywhere = new IPEndPoint(IPAddress.Loopback, 0);
        return TrackerServer.StartAsync(
            new TrackerOptions { UdpEndPoints = [anywhere], HttpEndPoints = [anywhere], UdpWorkers = 1 }, new TestLog(), Cancelled);
    }

    private static string UrlOf(TrackerServer tracker, string scheme) =>
        $"{scheme}://{(scheme == "udp" ? tracker.UdpEndPoints[0] : tracker.HttpEndPoints[0])}/announce";

    private static Task WaitForCountsAsync(TrackerServer tracker, InfoHash hash, Func<SwarmCounts, bool> condition) => Patience.UntilAsync(
        () => condition(tracker.Swarms.Scrape(hash)), () => $"what the tracker counts: {tracker.Swarms.Scrape(hash)}", Cancelled);
}
