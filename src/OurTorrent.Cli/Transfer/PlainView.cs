using System.Globalization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>Tells of a transfer in plain lines, one now and then.</summary>
/// <param name="run">Where to.</param>
internal sealed class PlainView(CommandRun run) : ITransferView
{
    private readonly Throttle _throttle = new(run.Environment.Time, TimeSpan.FromSeconds(5));
    private readonly Dictionary<ActiveTorrent, string> _last = [];

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Start(Session session, IReadOnlyList<ActiveTorrent> torrents)
    {
        foreach (ActiveTorrent torrent in torrents)
            run.Screen.Print(TransferText.ClientTable(session, torrent));
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

        foreach (ActiveTorrent torrent in torrents.Where(static torrent => torrent.IsActive))
        {
            string line = $"{torrent.Name}: {TransferText.Describe(torrent.Status)}, {TransferText.DescribeFlow(torrent.Status)}{PeersOf(torrent)}";
            if (_last.GetValueOrDefault(torrent) != line)
                run.Screen.PrintLine(line);
            _last[torrent] = line;
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
