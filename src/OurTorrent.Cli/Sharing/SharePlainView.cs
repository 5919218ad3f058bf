using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Transfer;

namespace OurTorrent.Cli.Sharing;

/// <summary>Tells of a share in plain lines, some now and then.</summary>
/// <param name="run">Where to.</param>
internal sealed class SharePlainView(CommandRun run) : IShareView
{
    private const int MostPeers = 20;
    private readonly Throttle _throttle = new(run.Environment.Time, TimeSpan.FromSeconds(5));
    private string _name = "";
    private string _last = "";

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public void Start(ShareSettings settings, ShareLinks links)
    {
        _name = links.Torrent.Name;
        ShareText.PrintLinks(run, settings, links);
        run.Environment.Out.Flush();
    }

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Update(ShareState state)
    {
        if (!_throttle.IsDue())
            return;

        string text = $"{state.Torrent.Name}: {ShareText.Describe(state)}, {ShareText.DescribeGoal(state with { TimeLeft = null })}";
        if (state.Torrent.Peers.Count > 0)
            text += "\n" + string.Join('\n', PeerLines.Draw(state.Torrent.Peers, int.MaxValue, MostPeers, isSeeding: true).Skip(1).Select(static line => "  " + line));
        if (text == _last)
            return;

        _last = text;
        foreach (string line in text.Split('\n'))
            run.Screen.PrintLine(line);
    }

    /// <inheritdoc/>
    public void ShowCopy(CompleteCopy copy, int number, int? stopAfter) => run.Screen.PrintLine(ShareText.Complete(_name, copy, number, stopAfter));

    /// <inheritdoc/>
    public void End(ShareState state, TransferOutcome outcome)
    {
        foreach (Table table in TransferText.TrackersTables([state.Torrent]))
            run.Screen.Print(table);
        run.Screen.PrintLine(ShareText.SumUp(state));
    }
}
