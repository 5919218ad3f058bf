using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Http;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Sharing;

/// <summary>The tracker of one torrent, within this process.</summary>
internal sealed class ShareTracker : IAsyncDisposable
{
    private const int PortsTried = 20;

    // A swarm of friends is small: let them hear of each other soon.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PlaceKept = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly InfoHash[] _infoHashes;
    private readonly uint _key = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
    private TrackerServer? _server;
    private IReadOnlyList<CompactPeer> _places = [];
    private long _placesTold;
    private (string Path, byte[] Bytes)? _file;

    private ShareTracker(InfoHashes infoHashes, TimeProvider time)
    {
        _time = time;
        _infoHashes = [.. new[] { infoHashes.V1, infoHashes.V2?.Truncate() }.OfType<InfoHash>()];
    }

    /// <summary>Told of each peer that comes, completes its download or leaves; on a thread that must not be held up.</summary>
    public event Action<PeerEvent>? PeerChanged
    {
        add => Server.PeerChanged += value;
        remove => Server.PeerChanged -= value;
    }

    /// <summary>The port by HTTP.</summary>
    public int HttpPort => Server.HttpEndPoints[0].Port;

    /// <summary>The port by UDP.</summary>
    public int UdpPort => Server.UdpEndPoints[0].Port;

    /// <summary>What the tracker counts, without ourselves.</summary>
    public SwarmCounts Others
    {
        get
        {
            var sum = default(SwarmCounts);
            foreach (InfoHash infoHash in _infoHashes)
            {
                SwarmCounts counts = Server.Swarms.Scrape(infoHash);
                sum = new SwarmCounts(
                    sum.Seeders + Math.Max(0, counts.Seeders - _places.Count), sum.Leechers + counts.Leechers,
                    sum.PartialSeeds + counts.PartialSeeds, sum.Completed + counts.Completed);
            }

            return sum;
        }
    }

    private TrackerServer Server => _server ?? throw new InvalidOperationException("The tracker is not running.");

    /// <summary>Starts the tracker.</summary>
    /// <param name="run">The environment.</param>
    /// <param name="infoHashes">The torrent.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">The port, and no other; 0 takes any, null the usual one or the next that is free.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">It cannot listen.</exception>
    public static async Task<ShareTracker> StartAsync(
        CommandRun run, InfoHashes infoHashes, IPAddress address, int? port, CancellationToken cancellationToken)
    {
        var tracker = new ShareTracker(infoHashes, run.Environment.Time);
        var options = new TrackerOptions
        {
            Torrents = tracker._infoHashes.ToHashSet(),
            Http = new HttpOptions { Pages = false, TorrentFile = tracker.FindFile },
            UdpWorkers = 1,
            AnnounceInterval = Interval,
            MaxAnnounceInterval = LongestInterval,
            TimeProvider = run.Environment.Time,
        };
        int first = port ?? ShareSettings.UsualTrackerPort;
        for (int tried = 0; ; tried++)
        {
            // When so many in a row are taken, any will do.
            var endPoint = new IPEndPoint(address, tried < PortsTried ? first + tried : 0);
            try
            {
                tracker._server = await TrackerServer.StartAsync(
                    options with { HttpEndPoints = [endPoint], UdpEndPoints = [endPoint] }, run.Loggers, cancellationToken);
                if (port is null && tried > 0)
                    run.Say(string.Create(CultureInfo.InvariantCulture, $"port {first} is taken; the tracker listens on port {tracker.HttpPort}."));
                return tracker;
            }
            catch (TrackerException e) when (e.Reason == TrackerErrorReason.PortTaken && port is null && tried < PortsTried)
            {
                // The next one, then.
            }
            catch (TrackerException e)
            {
                throw new CommandException(ExitCode.Failed, char.ToLowerInvariant(e.Message[0]) + e.Message[1..], e);
            }
        }
    }

    /// <summary>Serves a .torrent file.</summary>
    /// <param name="path">The path of its URL.</param>
    /// <param name="bytes">The file.</param>
    public void Serve(string path, byte[] bytes) => _file = (path, bytes);

    /// <summary>Has the tracker name us to those who ask.</summary>
    /// <param name="places">
    /// Where we can be reached. We are in the same process and do not announce: what came from this machine itself would be known by an
    /// address that means nothing elsewhere.
    /// </param>
    public void TellOfUs(IReadOnlyList<CompactPeer> places)
    {
        _places = places;
        Announce(AnnounceEvent.Started);
    }

    /// <summary>Sees to it that we are not forgotten; to be called now and then.</summary>
    public void KeepTelling()
    {
        if (_time.GetElapsedTime(_placesTold) >= PlaceKept)
            Announce(AnnounceEvent.None);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private void Announce(AnnounceEvent why)
    {
        _placesTold = _time.GetTimestamp();
        foreach (InfoHash infoHash in _infoHashes)
        {
            foreach (CompactPeer place in _places)
                Server.Swarms.Announce(new PeerAnnounce(infoHash, place, _key, why, IsSeeder: true), [], []);
        }
    }

    private byte[]? FindFile(string path) => _file is { } file && string.Equals(path, file.Path, StringComparison.Ordinal) ? file.Bytes : null;
}
