using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Transfer;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OurTorrent.Cli.Sharing;

/// <summary>Draws a share on a terminal, again and again in the same place.</summary>
/// <param name="run">The terminal.</param>
internal sealed class ShareLiveView(CommandRun run) : IShareView
{
    private const int MostPeers = 12;
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private Action<IRenderable> _draw = static _ => { };
    private string _name = "";

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public void Start(ShareSettings settings, ShareLinks links)
    {
        _name = links.Torrent.Name;
        ShareText.PrintLinks(run, settings, links);
    }

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => run.Screen.DrawAsync(draw =>
    {
        _draw = draw;
        return work();
    });

    /// <inheritdoc/>
    public void Update(ShareState state)
    {
        (int width, int height) = run.Environment.TerminalSize();

        // Room is left for the ^C a terminal echoes.
        width -= 4;
        var lines = new List<IRenderable>
        {
            Line($"{state.Torrent.Name}: {ShareText.Describe(state)}", width, Bold),
            Line($"{ShareText.DescribeGoal(state)}; Ctrl-C ends it", width),
        };
        int room = Math.Min(MostPeers, height - lines.Count - 4);
        if (state.Torrent.Peers.Count > 0 && room > 0)
            lines.AddRange(PeerLines.Draw(state.Torrent.Peers, width, room, isSeeding: true).Select((line, i) => Line(line, width, i == 0 ? Bold : Style.Plain)));
        _draw(new Rows(lines));
    }

    /// <inheritdoc/>
    public void ShowCopy(CompleteCopy copy, int number, int? stopAfter) => run.Screen.PrintLine(ShareText.Complete(_name, copy, number, stopAfter));

    /// <inheritdoc/>
    public void End(ShareState state, TransferOutcome outcome)
    {
        foreach (Terminal.Table table in TransferText.TrackersTables([state.Torrent]))
            run.Screen.Print(table);
        run.Screen.PrintLine(ShareText.SumUp(state));
    }

    private static Text Line(string text, int width, Style? style = null) => new Text(TextWidth.Fit(Printable.Of(text), width), style);
}
