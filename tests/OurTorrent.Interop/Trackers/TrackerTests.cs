using System.Net;
using System.Runtime.Versioning;
using OurTorrent.Interop.Clients;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Interop.Trackers;

/// <summary>opentracker as the tracker: what it tells us, and peers that know each other only through it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TrackerTests : InteropTest
{
    [Theory]
    [InlineData("udp")]
    [InlineData("http")]
    public async Task The_tracker_tells_seeders_from_leechers_and_counts_completed_downloads(string scheme)
    {
        SharedTorrent shared = await SharedTorrent.CreateAsync(Shape.SingleFile, Folder("torrent"), Cancelled);
        InfoHash hash = shared.Metainfo.InfoHashes.Wire;
        await using OpenTracker tracker = await OpenTracker.StartAsync(Folder("tracker"), [hash], Cancelled);
        await using TrackerClient client = Client();

        await AnnounceAsync(client, tracker.Url(scheme), hash, port: 2001, left: 0, AnnounceEvent.Started);
        AnnounceResponse answer = await AnnounceAsync(client, tracker.Url(scheme), hash, port: 2002, left: 1000, AnnounceEvent.Started);
        Assert.Equal((1, 1), (answer.Seeders, answer.Leechers));
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 2001), answer.Peers);
        Assert.True(answer.Interval > TimeSpan.Zero);
        Assert.Equal(new ScrapeEntry(Seeders: 1, Completed: 0, Leechers: 1), await ScrapeAsync(client, tracker.Url(scheme), hash));

        await AnnounceAsync(client, tracker.Url(scheme), hash, port: 2002, left: 0, AnnounceEvent.Completed);
        Assert.Equal(new ScrapeEntry(Seeders: 2, Completed: 1, Leechers: 0), await ScrapeAsync(client, tracker.Url(scheme), hash));

        await AnnounceAsync(client, tracker.Url(scheme), hash, port: 2001, left: 0, AnnounceEvent.Stopped);
        Assert.Equal(new ScrapeEntry(Seeders: 1, Completed: 1, Leechers: 0), await ScrapeAsync(client, tracker.Url(scheme), hash));
    }

    [Fact]
    public async Task A_torrent_the_tracker_does_not_take_is_an_error_that_says_so()
    {
        await using OpenTracker tracker = await OpenTracker.StartAsync(Folder("tracker"), [], Cancelled);
        await using TrackerClient client = Client();
        SharedTorrent shared = await SharedTorrent.CreateAsync(Shape.SingleFile, Folder("torrent"), Cancelled);

        TrackerException error = await Assert.ThrowsAsync<TrackerException>(() => AnnounceAsync(
            client, tracker.HttpUrl, shared.Metainfo.InfoHashes.Wire, port: 2001, left: 0, AnnounceEvent.Started));
        Assert.Equal(TrackerFailureReason.Refused, error.Reason);
        Assert.Contains("not authorized", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("udp", ClientKind.LibTorrent)]
    [InlineData("udp", ClientKind.Aria2)]
    [InlineData("udp", ClientKind.Transmission)]
    [InlineData("http", ClientKind.LibTorrent)]
    [InlineData("http", ClientKind.Aria2)]
    [InlineData("http", ClientKind.Transmission)]
    public async Task We_find_a_client_that_seeds_through_the_tracker(string scheme, ClientKind kind)
    {
        (SharedTorrent shared, OpenTracker running) = await StartTrackerAsync(scheme);
        await using OpenTracker tracker = running;
        await using TrackerClient asker = Client();
        InfoHash hash = shared.Metainfo.InfoHashes.Wire;
        shared.WriteTo(SeedFolder);
        await using OtherClient client = await OtherClient.StartAsync(kind, Folder("client"), Cancelled);
        await client.AddAsync(shared, SeedFolder, Cancelled);
        await client.WaitForSeedingAsync(shared, Cancelled);
        await WaitForScrapeAsync(asker, tracker.Url(scheme), hash, entry => entry.Seeders == 1);

        await using Session session = await StartSessionAsync();
        Torrent torrent = await session.AddAsync(shared.Metainfo, new TorrentOptions { Directory = DownloadFolder }, Cancelled);
        await WaitForCompletionAsync(torrent);
        shared.Content.AssertIn(DownloadFolder);
        await WaitForScrapeAsync(
            asker, tracker.Url(scheme), hash, entry => entry == new ScrapeEntry(Seeders: 2, Completed: 1, Leechers: 0));

        TrackerStatus status = Assert.Single(torrent.Trackers);
        Assert.Equal(TrackerState.Working, status.State);
        Assert.Equal(0, status.Leechers);

        await session.RemoveAsync(torrent, Cancelled);
        await WaitForScrapeAsync(asker, tracker.Url(scheme), hash, entry => entry.Seeders == 1);
    }

    /// <summary>transmission is not among them: it takes no loopback address from a tracker.</summary>
    [Theory]
    [InlineData("udp", ClientKind.LibTorrent)]
    [InlineData("udp", ClientKind.Aria2)]
    [InlineData("http", ClientKind.LibTorrent)]
    [InlineData("http", ClientKind.Aria2)]
    public async Task A_client_that_downloads_finds_us_through_the_tracker(string scheme, ClientKind kind)
    {
        (SharedTorrent shared, OpenTracker running) = await StartTrackerAsync(scheme);
        await using OpenTracker tracker = running;
        await using TrackerClient asker = Client();
        InfoHash hash = shared.Metainfo.InfoHashes.Wire;
        shared.WriteTo(SeedFolder);
        await using Session session = await StartSessionAsync();
        Torrent torrent = await SeedAsync(session, shared, SeedFolder);
        await WaitForScrapeAsync(asker, tracker.Url(scheme), hash, entry => entry is { Seeders: 1, Completed: 0 });

        await using OtherClient client = await OtherClient.StartAsync(kind, Folder("client"), Cancelled);
        await client.AddAsync(shared, DownloadFolder, Cancelled);
        await client.WaitForSeedingAsync(shared, Cancelled);
        await WaitForScrapeAsync(asker, tracker.Url(scheme), hash, entry => entry is { Seeders: 2, Completed: 1 });
        await client.StopAsync(Cancelled);
        shared.Content.AssertIn(DownloadFolder);
        Assert.Equal(shared.Metainfo.TotalSize, torrent.Status.BytesUploaded);
    }

    private static TrackerClient Client() => new(new TrackerClientOptions { BindAddress = IPAddress.Loopback });

    private static Task<AnnounceResponse> AnnounceAsync(
        TrackerClient client, string url, InfoHash hash, int port, long left, AnnounceEvent why) => client.AnnounceAsync(
        url,
        new AnnounceRequest
        {
            InfoHash = hash,
            PeerId = new PeerId(Encoding.ASCII.GetBytes($"-XX0001-{port:D12}")),
            Port = port,
            Left = left,
            Event = why,
        },
        Cancelled);

    private static async Task<ScrapeEntry> ScrapeAsync(TrackerClient client, string url, InfoHash hash) =>
        (await client.ScrapeAsync(url, [hash], Cancelled)).Entries.GetValueOrDefault(hash);

    private static async Task WaitForScrapeAsync(TrackerClient client, string url, InfoHash hash, Func<ScrapeEntry, bool> condition)
    {
        ScrapeEntry seen = default;
        await Patience.UntilAsync(
            async () => condition(seen = await ScrapeAsync(client, url, hash)), () => $"what the tracker counts: {seen}", Cancelled);
    }

    private async Task<(SharedTorrent Shared, OpenTracker Tracker)> StartTrackerAsync(string scheme)
    {
        // The torrent names the tracker, and the tracker has to know the torrent, whose info-hash does not depend on it.
        SharedTorrent first = await SharedTorrent.CreateAsync(Shape.SingleFile, Folder("first"), Cancelled);
        OpenTracker tracker = await OpenTracker.StartAsync(Folder("tracker"), [first.Metainfo.InfoHashes.Wire], Cancelled);
        return (await SharedTorrent.CreateAsync(Shape.SingleFile, Folder("torrent"), Cancelled, tracker.Url(scheme)), tracker);
    }
}
