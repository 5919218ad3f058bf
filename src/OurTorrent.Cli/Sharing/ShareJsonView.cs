using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Transfer;

namespace OurTorrent.Cli.Sharing;

/// <summary>Tells of a share in JSON, one object a line.</summary>
/// <param name="run">Where to.</param>
internal sealed class ShareJsonView(CommandRun run) : IShareView
{
    private readonly Throttle _throttle = new(run.Environment.Time, TimeSpan.FromSeconds(1));
    private TorrentStatus? _last;

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public void Listen(Session session) => Print(new ShareEvent("listening")
    {
        Port = session.ListenEndPoints[0].Port,
        Addresses = [.. session.ListenEndPoints.Select(static endPoint => endPoint.ToString())],
        PeerId = session.PeerId.ToString(),
    });

    /// <inheritdoc/>
    public void Start(ShareSettings settings, ShareLinks links) => Print(new ShareEvent("seeding")
    {
        Name = links.Torrent.Name,
        InfoHash = links.Torrent.InfoHashes.Wire.ToString(),
        TotalSize = links.Torrent.TotalSize,
        Command = links.Command,
        Urls = links.Urls,
        Magnet = links.Magnet,
        Trackers = [.. links.Torrent.Trackers.SelectMany(static tier => tier)],
        Torrent = settings.TorrentFile,
    });

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Update(ShareState state)
    {
        // A share that nobody wants anything of has nothing new to tell for hours.
        if (!_throttle.IsDue() || ReferenceEquals(_last, state.Torrent.Status))
            return;

        _last = state.Torrent.Status;
        Print(Describe("progress", state) with
        {
            Peers =
            [
                .. state.Torrent.Peers.Select(static peer => new SharePeer(
                    peer.EndPoint.ToString(), peer.Client, Math.Round(peer.Progress, 4), peer.UploadRate, peer.BytesUploaded)),
            ],
            UploadRate = state.Torrent.Status.UploadRate,
            TimeLeft = state.TimeLeft is { } left ? Math.Ceiling(left.TotalSeconds) : null,
        });
    }

    /// <inheritdoc/>
    public void ShowWarning(string warning) => Print(new ShareEvent("warning") { Message = warning });

    /// <inheritdoc/>
    public void ShowCopy(CompleteCopy copy, int number, int? stopAfter) => Print(new ShareEvent("copy")
    {
        Copies = number,
        Address = copy.Address,
        Client = copy.Client,
        Announced = copy.IsAnnounced,
        Seen = copy.IsSeen,
    });

    /// <inheritdoc/>
    public void End(ShareState state, TransferOutcome outcome)
    {
        ShareEvent last = Describe(outcome.ExitCode is ExitCode.Done or ExitCode.Interrupted ? "stopped" : "error", state);
        Print(last with { Message = outcome.Message.Length > 0 ? outcome.Message : null, ExitCode = (int)outcome.ExitCode });
    }

    /// <summary>Tells why there will be no share.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="problem">Why.</param>
    public static void PrintError(CommandRun run, CommandException problem) => run.PrintJson(
        new ShareEvent("error") { Message = problem.Message, ExitCode = (int)problem.ExitCode }, ShareJson.Readable.ShareEvent);

    private static ShareEvent Describe(string name, ShareState state) => new(name)
    {
        Name = state.Torrent.Name,
        InfoHash = state.Torrent.Torrent.InfoHash.ToString(),
        BytesUploaded = state.Torrent.Status.BytesUploaded,
        Seeders = state.Others.Seeders,
        Leechers = state.Others.Leechers,
        Copies = state.Copies.Count,
        CopiesAnnounced = state.Copies.AnnouncedCount,
        CopiesSeen = state.Copies.SeenCount,
    };

    private void Print(ShareEvent line) => run.PrintJson(line, ShareJson.Readable.ShareEvent);
}
