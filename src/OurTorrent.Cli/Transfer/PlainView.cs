using System.Globalization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>Tells of a transfer in plain lines, one now and then.</summary>
/// <param name="run">Where to.</param>
internal sealed class PlainView(CommandRun run) : ITransferView
{
    private readonly Throttle _throttle = new(run.Environment.Time, TimeSpan.FromSeconds(5));
    private readonly Dictionary<ActiveTorrent, (TorrentStatus Status, string Line)> _last = [];

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Start(Session session, IReadOnlyList<ActiveTorrent> torrents)
    {
        TransferText.PrintTorrents(run.Screen, session, torrents);
        foreach (System.Net.IPEndPoint endPoint in session.ListenEndPoints)
            run.Screen.PrintLine(string.Create(CultureInfo.InvariantCulture, $"Listening on {endPoint}"));
    }

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Update(IReadOnlyList<ActiveTorrent> torrents)
    {
        if (!_throttle.IsDue())
            return;

        foreach (ActiveTorrent torrent in torrents)
        {
            (TorrentStatus? status, string? last) = _last.GetValueOrDefault(torrent);
            if (!torrent.IsActive || ReferenceEquals(status, torrent.Status))
                continue;

            string line = $"{torrent.Name}: {TransferText.Describe(torrent.Status)}, {TransferText.DescribeFlow(torrent.Status)}{PeersOf(torrent)}";
            if (line != last)
                run.Screen.PrintLine(line);
            _last[torrent] = (torrent.Status, line);
        }
    }

    /// <inheritdoc/>
    public void ShowChecked(ActiveTorrent torrent)
    {
        // Of one that is complete the next line tells.
        if (!torrent.Status.IsComplete)
            run.Screen.PrintLine($"{torrent.Name}: {TransferText.Describe(torrent.Status)}");
    }

    /// <inheritdoc/>
    public void ShowComplete(ActiveTorrent torrent) => run.Screen.PrintLine(TransferSummary.Completed(torrent, run.Environment.Time));

    /// <inheritdoc/>
    public void End(IReadOnlyList<ActiveTorrent> torrents, TransferOutcome outcome) => TransferSummary.Print(run, torrents);

    private static string PeersOf(ActiveTorrent torrent) => torrent.Peers.Count == 0
        ? ""
        : ": " + FileNames.Join([.. torrent.Peers.Select(static peer => $"{peer.EndPoint} {peer.Client}".TrimEnd())]);
}
