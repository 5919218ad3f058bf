using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Transfer;
using OurTorrent.Trackers;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OurTorrent.Cli.Demo;

/// <summary>How the demo is told.</summary>
/// <param name="run">The environment.</param>
internal sealed class DemoText(CommandRun run)
{
    private const int BarWidth = 20;
    private readonly Throttle _lines = new(run.Environment.Time, TimeSpan.FromSeconds(1));

    /// <summary>Says what happens next.</summary>
    /// <param name="text">One sentence.</param>
    public void Step(string text)
    {
        if (!run.Json)
            run.Screen.PrintLine(text);
    }

    /// <summary>Shows how far everybody is while something goes on.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="work">What goes on; it is given a function that shows the present state.</param>
    public Task ShowAsync(IReadOnlyList<DemoClient> clients, Func<Action, Task> work)
    {
        if (run.Json)
            return work(static () => { });
        if (!run.Screen.IsTerminal)
            return work(() => PrintLines(clients));

        return run.Screen.DrawAsync(draw => work(() => draw(Draw(clients))));
    }

    /// <summary>Prints what everybody did.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="identical">Whether each copy is identical, in the same order.</param>
    public void PrintEnd(IReadOnlyList<DemoClient> clients, IReadOnlyList<bool> identical)
    {
        var table = new Terminal.Table("CLIENT TORRENT DATA", "Client", "Port", "Peer id", "Received", "Sent", "Copy");
        for (int i = 0; i < clients.Count; i++)
        {
            DemoClient client = clients[i];
            table.Add(
                client.Name,
                client.EndPoint.Port.ToString(CultureInfo.InvariantCulture),
                client.PeerId,
                ByteSize.Format(client.Status.BytesDownloaded),
                ByteSize.Format(client.Status.BytesUploaded),
                i == 0 ? "original" : identical[i] ? "identical" : "DIFFERENT");
        }

        run.Screen.Print(table);
    }

    /// <summary>Prints how everybody got on with the tracker, and what it answers.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="answers">Its answers, by each way to ask.</param>
    public void PrintTracker(IReadOnlyList<DemoClient> clients, IReadOnlyList<DemoTrackerReport> answers)
    {
        var table = new Terminal.Table("TRACKERS LIST", "Client", "Tracker", "Status", "Seeders", "Leechers");
        foreach (DemoClient client in clients)
        {
            foreach (TrackerStatus tracker in client.Torrent.Trackers.Where(static tracker => tracker.State != TrackerState.NotAttempted))
                table.Add(client.Name, tracker.Url, TransferText.Describe(tracker), TransferText.Number(tracker.Seeders), TransferText.Number(tracker.Leechers));
        }

        run.Screen.Print(table);
        var known = new Terminal.Table("TRACKER DATA", "Asked", "Seeders", "Leechers", "Completed", "Peers");
        foreach (DemoTrackerReport answer in answers)
        {
            known.Add(
                answer.Tracker, TransferText.Number(answer.Seeders), TransferText.Number(answer.Leechers), TransferText.Number(answer.Completed),
                string.Join(", ", answer.Peers));
        }

        run.Screen.Print(known);
    }

    private void PrintLines(IReadOnlyList<DemoClient> clients)
    {
        if (!_lines.IsDue())
            return;

        foreach (DemoClient client in clients)
            run.Screen.PrintLine($"{client.Name}: {TransferText.Describe(client.Status)}, {TransferText.DescribeFlow(client.Status)}");
    }

    private Spectre.Console.Table Draw(IReadOnlyList<DemoClient> clients)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.Rounded };
        foreach (string header in new[] { "Client", "Pieces", "Done", "Down", "Up", "Peers" })
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))).NoWrap());
        foreach (DemoClient client in clients)
        {
            TorrentStatus status = client.Status;
            table.AddRow(((string[])
            [
                client.Name,
                PieceBar.Draw(status.Pieces, BarWidth, run.Environment.UseUnicode),
                Percent.Format(status.Progress).PadLeft(5),
                ByteSize.FormatRate(status.DownloadRate).PadLeft(10),
                ByteSize.FormatRate(status.UploadRate).PadLeft(10),
                status.PeersConnected.ToString(CultureInfo.InvariantCulture),
            ]).Select(static cell => (IRenderable)new Text(cell)));
        }

        return table;
    }
}
