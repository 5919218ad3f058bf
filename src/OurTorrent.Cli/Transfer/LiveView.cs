using OurTorrent.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OurTorrent.Cli.Transfer;

/// <summary>Draws a transfer on a terminal, again and again in the same place.</summary>
/// <param name="run">The terminal.</param>
internal sealed class LiveView(CommandRun run) : ITransferView
{
    private const int LinesPerTorrent = 3;
    private const int MostPeers = 8;
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private Action<IRenderable> _draw = static _ => { };

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public void Start(Session session, IReadOnlyList<ActiveTorrent> torrents) => TransferText.PrintTorrents(run.Screen, session, torrents);

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => run.Screen.DrawAsync(draw =>
    {
        _draw = draw;
        return work();
    });

    /// <inheritdoc/>
    public void Update(IReadOnlyList<ActiveTorrent> torrents)
    {
        (int width, int height) = run.Environment.TerminalSize();

        // Room is left for the ^C a terminal echoes: in the last column it would begin a new line, and the drawing would slip.
        _draw(new Rows(Draw(torrents, width - 4, height - 2)));
    }

    /// <inheritdoc/>
    public void ShowChecked(ActiveTorrent torrent)
    {
        // The next drawing shows it.
    }

    /// <inheritdoc/>
    public void ShowComplete(ActiveTorrent torrent) => run.Screen.PrintLine(TransferSummary.Completed(torrent, run.Environment.Time));

    /// <inheritdoc/>
    public void End(IReadOnlyList<ActiveTorrent> torrents, TransferOutcome outcome) => TransferSummary.Print(run, torrents);

    private List<IRenderable> Draw(IReadOnlyList<ActiveTorrent> torrents, int width, int height)
    {
        var lines = new List<IRenderable>();
        if (torrents.Count * LinesPerTorrent <= height)
        {
            foreach (ActiveTorrent torrent in torrents)
                AddBlock(lines, torrent, width);
            int room = Math.Min(MostPeers, height - lines.Count - 2);
            if (torrents is [{ IsActive: true, Peers.Count: > 0 } only] && room > 0)
                lines.AddRange(PeerLines.Draw(only.Peers, width, room, only.Status.State == TorrentState.Seeding).Select((line, i) => (IRenderable)Line(line, width, i == 0 ? Bold : Style.Plain)));
            return lines;
        }

        // Torrents at work first; those that are done have had their line.
        int shown = torrents.Count <= height ? torrents.Count : height - 1;
        foreach (ActiveTorrent torrent in torrents.Where(IsAtWork).Concat(torrents.Where(static torrent => !IsAtWork(torrent))).Take(shown))
            lines.Add(Line($"{Percent.Format(torrent.Status.Progress),6}  {ByteSize.FormatRate(torrent.Status.DownloadRate),11}  {torrent.Name}", width));
        if (shown < torrents.Count)
            lines.Add(Line($"and {Words.Count(torrents.Count - shown, "more torrent")}", width));
        return lines;
    }

    private static bool IsAtWork(ActiveTorrent torrent) =>
        torrent.IsActive && (!torrent.IsComplete || torrent.Status is { DownloadRate: > 0 } or { UploadRate: > 0 });

    private void AddBlock(List<IRenderable> lines, ActiveTorrent torrent, int width)
    {
        TorrentStatus status = torrent.Status;
        string state = torrent.Problem is not null ? "failed" : torrent.IsFinished ? "done" : TransferText.Describe(status);
        lines.Add(Line($"{torrent.Name}: {state}", width, Bold));

        string share = Percent.Format(status.Progress);
        string size = $"{ByteSize.Format(status.BytesCompleted)} of {ByteSize.Format(status.BytesWanted)}";
        string end = $" {share,6}  {size}";
        int bar = Math.Clamp(width - end.Length - 2, 10, 50);
        lines.Add(Line($"[{PieceBar.Draw(status.Pieces, bar, run.Environment.UseUnicode)}]{end}", width));
        if (torrent.IsActive)
            lines.Add(Line(TransferText.DescribeFlow(status), width));
    }

    private static Text Line(string text, int width, Style? style = null) => new(TextWidth.Fit(Printable.Of(text), width), style);
}
