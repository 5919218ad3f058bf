using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Trackers;

namespace OurTorrent.Cli.Demo;

/// <summary>The tracker of the demo: on the loopback address, by UDP and HTTP, with its swarms in an SQLite database.</summary>
internal sealed class DemoTracker : IAsyncDisposable
{
    private const string FileName = "tracker.db";
    private readonly TrackerServer _server;

    private DemoTracker(TrackerServer server, string database)
    {
        _server = server;
        Database = database;
    }

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>The announce URL by UDP.</summary>
    public string UdpUrl => string.Create(CultureInfo.InvariantCulture, $"udp://{_server.UdpEndPoints[0]}/announce");

    /// <summary>The announce URL by HTTP.</summary>
    public string HttpUrl => string.Create(CultureInfo.InvariantCulture, $"http://{_server.HttpEndPoints[0]}/announce");

    /// <summary>Starts it.</summary>
    /// <param name="run">The environment.</param>
    /// <param name="folder">Where the database goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DemoTracker> StartAsync(CommandRun run, string folder, CancellationToken cancellationToken)
    {
        var anywhere = new IPEndPoint(IPAddress.Loopback, 0);
        string database = Path.Combine(folder, FileName);
        var options = new TrackerOptions
        {
            UdpEndPoints = [anywhere],
            HttpEndPoints = [anywhere],
            Database = database,
            UdpWorkers = 1,
            TimeProvider = run.Environment.Time,
        };
        return new DemoTracker(await TrackerServer.StartAsync(options, run.Loggers, cancellationToken), database);
    }

    /// <summary>What it counts for a torrent.</summary>
    /// <param name="infoHash">The torrent.</param>
    public SwarmCounts Count(InfoHash infoHash) => _server.Swarms.Scrape(infoHash);

    /// <summary>Asks it, as anybody can: announce and scrape, by UDP and by HTTP.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DemoTrackerReport>> AskAsync(InfoHash infoHash, CancellationToken cancellationToken)
    {
        // A port of our own, so that none of the clients is taken for us.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var request = new AnnounceRequest
        {
            InfoHash = infoHash,
            PeerId = OurPeerId.Create(RandomNumberGenerator.Create()),
            Port = ((IPEndPoint)held.LocalEndPoint!).Port,
            Left = 1,
            Event = AnnounceEvent.Started,
        };
        await using var client = new TrackerClient(new TrackerClientOptions { BindAddress = IPAddress.Loopback });
        var reports = new List<DemoTrackerReport>();
        foreach (string url in new[] { UdpUrl, HttpUrl })
        {
            AnnounceResponse announced = await client.AnnounceAsync(url, request, cancellationToken);
            await client.AnnounceAsync(url, request with { Event = AnnounceEvent.Stopped }, cancellationToken);
            ScrapeResponse scraped = await client.ScrapeAsync(url, [infoHash], cancellationToken);
            ScrapeEntry counts = scraped.Entries[infoHash];
            reports.Add(new DemoTrackerReport(
                url, counts.Seeders, counts.Leechers, counts.Completed,
                [.. announced.Peers.Select(static peer => peer.ToString()).Order(StringComparer.Ordinal)]));
        }

        return reports;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
