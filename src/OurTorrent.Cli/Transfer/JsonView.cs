using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>Tells of a transfer in JSON, one object a line.</summary>
/// <param name="run">Where to.</param>
/// <param name="kind">Whether it is a download.</param>
internal sealed class JsonView(CommandRun run, TransferKind kind) : ITransferView
{
    private readonly Dictionary<ActiveTorrent, (TorrentStatus Status, TransferEvent Line)> _last = [];
    private readonly Throttle _throttle = new(run.Environment.Time, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public void Start(Session session, IReadOnlyList<ActiveTorrent> torrents) => Print(new TransferEvent("listening")
    {
        Port = session.ListenEndPoints[0].Port,
        Addresses = [.. session.ListenEndPoints.Select(static endPoint => endPoint.ToString())],
        PeerId = session.PeerId.ToString(),
    });

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Update(IReadOnlyList<ActiveTorrent> torrents)
    {
        if (!_throttle.IsDue())
            return;

        foreach (ActiveTorrent torrent in torrents)
        {
            // A seed nobody wants anything of has nothing new to tell for days.
            (TorrentStatus? status, TransferEvent? last) = _last.GetValueOrDefault(torrent);
            if (!torrent.IsActive || (kind == TransferKind.Seed && ReferenceEquals(status, torrent.Status)))
                continue;

            TransferEvent line = Describe("progress", torrent);
            if (kind == TransferKind.Get || line != last)
                Print(line);
            _last[torrent] = (torrent.Status, line);
        }
    }

    /// <inheritdoc/>
    public void ShowWarning(ActiveTorrent torrent, string warning) => Print(new TransferEvent("warning")
    {
        Name = torrent.Name,
        InfoHash = torrent.Torrent.InfoHash.ToString(),
        Message = warning,
    });

    /// <inheritdoc/>
    public void ShowChecked(ActiveTorrent torrent) => 
        Print(Describe(kind == TransferKind.Seed ? "seeding" : "checked", torrent) with { BytesHashed = torrent.Status.BytesHashed });

    /// <inheritdoc/>
    public void ShowComplete(ActiveTorrent torrent)
    {
        if (kind == TransferKind.Get)
            Print(Describe("downloaded", torrent));
    }

    /// <inheritdoc/>
    public void End(IReadOnlyList<ActiveTorrent> torrents, TransferOutcome outcome)
    {
        TransferEvent last = outcome.ExitCode switch
        {
            ExitCode.Done when kind == TransferKind.Get => new TransferEvent("complete"),
            ExitCode.Done or ExitCode.Interrupted when kind == TransferKind.Seed => new TransferEvent("stopped"),
            _ => new TransferEvent("error") { Message = outcome.Message },
        };
        Print(last with
        {
            Name = torrents.Count == 1 ? torrents[0].Name : null,
            InfoHash = torrents.Count == 1 ? torrents[0].Torrent.InfoHash.ToString() : null,
            BytesWanted = torrents.Sum(static torrent => torrent.Status.BytesWanted),
            BytesCompleted = torrents.Sum(static torrent => torrent.Status.BytesCompleted),
            BytesDownloaded = torrents.Sum(static torrent => torrent.Status.BytesDownloaded),
            BytesUploaded = torrents.Sum(static torrent => torrent.Status.BytesUploaded),
            ExitCode = (int)outcome.ExitCode,
        });
    }

    /// <summary>Tells why there will be no transfer.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="problem">Why.</param>
    public static void PrintError(CommandRun run, CommandException problem) => run.PrintJson(
        new TransferEvent("error") { Message = problem.Message, ExitCode = (int)problem.ExitCode }, TransferJson.Readable.TransferEvent);

    private static TransferEvent Describe(string name, ActiveTorrent torrent)
    {
        TorrentStatus status = torrent.Status;
        bool checking = status.State == TorrentState.Checking;
        return new TransferEvent(name)
        {
            Name = torrent.Name,
            InfoHash = torrent.Torrent.InfoHash.ToString(),
            State = TransferText.StateOf(status.State),
            Progress = Math.Round(checking ? status.CheckProgress : status.Progress, 4),
            BytesWanted = status.BytesWanted,
            BytesCompleted = status.BytesCompleted,
            BytesDownloaded = status.BytesDownloaded,
            BytesUploaded = status.BytesUploaded,
            DownloadRate = status.DownloadRate,
            UploadRate = status.UploadRate,
            Peers = status.PeersConnected,
            Seeds = status.SeedsConnected,
            TimeLeft = status.TimeLeft is { } left ? Math.Ceiling(left.TotalSeconds) : null,
        };
    }

    private void Print(TransferEvent line) => run.PrintJson(line, TransferJson.Readable.TransferEvent);
}
