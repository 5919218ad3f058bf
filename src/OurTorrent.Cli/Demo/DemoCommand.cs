using System.CommandLine;
using OurTorrent.Cli.Show;
using OurTorrent.Cli.Terminal;
using OurTorrent.Creation;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Demo;

/// <summary><c>ourtorrent demo</c>: the whole story on this machine, in a few seconds, with nothing left behind.</summary>
internal sealed class DemoCommand(CommandEnvironment environment, CommonOptions common) : CliCommand(
    environment, common, "demo", "See it work: a tracker, one seeder and three leechers share a folder on this machine. Takes a few seconds.",
    "ourtorrent demo")
{
    private const int Leechers = 3;

    // Slow enough to be watched; the leechers have to help each other, for the seeder has not enough for three.
    private const long SeederRate = 1536 * 1024;
    private const int PieceLength = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ourtorrent-demo-");
        try
        {
            return await PlayAsync(run, folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ExitCode> PlayAsync(CommandRun run, string folder, CancellationToken cancellationToken)
    {
        var text = new DemoText(run);
        string original = Path.Combine(folder, "seeder");
        text.Step($"1. Making a folder to share: {Path.Combine(original, DemoContent.Name)}");
        await DemoContent.WriteAsync(original, cancellationToken);

        await using DemoTracker tracker = await DemoTracker.StartAsync(run, folder, cancellationToken);
        text.Step($"2. Starting a tracker: {tracker.UdpUrl} and {tracker.HttpUrl}, with what it knows in {tracker.Database}");

        text.Step("3. Creating a torrent of the folder:");
        var options = new TorrentCreateOptions
        {
            PieceLength = PieceLength,
            Trackers = [[tracker.UdpUrl], [tracker.HttpUrl]],
            TimeProvider = run.Environment.Time,
        };
        CreatedTorrent torrent = await TorrentCreator.CreateAsync(Path.Combine(original, DemoContent.Name), options, null, cancellationToken);
        if (!run.Json)
            run.Screen.Print(TorrentTable.Of(torrent.Metainfo));

        text.Step($"4. One seeder and {Leechers} leechers find each other through the tracker; the seeder sends {ByteSize.FormatRate(SeederRate)}, so the leechers share what they get:");
        var clients = new List<DemoClient>();
        try
        {
            await StartAsync(run, torrent.Metainfo, tracker, folder, original, clients, cancellationToken);
            await text.ShowAsync(clients, show => WatchAsync(clients, tracker, show, run.Environment.Time, cancellationToken));
            return await ConcludeAsync(run, text, torrent.Metainfo, tracker, clients, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(clients.Select(static client => client.DisposeAsync().AsTask()));
        }
    }

    private static async Task StartAsync(
        CommandRun run, TorrentMetainfo torrent, DemoTracker tracker, string folder, string original, List<DemoClient> clients, CancellationToken cancellationToken)
    {
        var session = new SessionOptions { TimeProvider = run.Environment.Time, LoggerFactory = run.Loggers };
        clients.Add(await DemoClient.StartAsync(
            "seeder", original, torrent, session with { UploadLimit = SeederRate }, Leechers, cancellationToken));
        await clients[0].Torrent.Checked.WaitAsync(cancellationToken);
        while (tracker.Count(torrent.InfoHashes.Wire).Seeders == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), run.Environment.Time, cancellationToken);

        for (int i = 1; i <= Leechers; i++)
        {
            // Every other one asks by HTTP first.
            string name = $"leecher {i}";
            TorrentMetainfo own = torrent.WithTrackers(i % 2 == 0 ? torrent.Trackers : [.. torrent.Trackers.Reverse()]);
            clients.Add(await DemoClient.StartAsync(name, Path.Combine(folder, name), own, session, null, cancellationToken));
        }
    }

    private static async Task WatchAsync(
        List<DemoClient> clients, DemoTracker tracker, Action show, TimeProvider time, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            foreach (DemoClient client in clients)
            {
                client.Refresh();
                if (client != clients[0] && client.Status.IsComplete)
                    client.Taken ??= time.GetElapsedTime(started);
                if (client.Status.Error is { } error)
                    throw new CommandException(ExitCode.Failed, $"{client.Name} has failed: {error.Message}", error);
            }

            show();
            if (clients.TrueForAll(static client => client.Status.IsComplete) && tracker.Count(clients[0].Torrent.InfoHash).Completed >= Leechers)
                return;
            if (time.GetElapsedTime(started) > Patience)
                throw new CommandException(ExitCode.Unfinished, $"the leechers were not complete within {Duration.Format(Patience)}.");

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private static async Task<ExitCode> ConcludeAsync(
        CommandRun run, DemoText text, TorrentMetainfo torrent, DemoTracker tracker, List<DemoClient> clients, CancellationToken cancellationToken)
    {
        text.Step("5. Comparing every copy with the original, byte for byte:");
        var identical = new List<bool>();
        foreach (DemoClient client in clients)
            identical.Add(await DemoContent.AreSameAsync(clients[0].Directory, client.Directory, cancellationToken));

        IReadOnlyList<DemoTrackerReport> answers = await tracker.AskAsync(torrent.InfoHashes.Wire, cancellationToken);
        bool allIdentical = identical.TrueForAll(static same => same);
        if (run.Json)
        {
            IEnumerable<DemoClientReport> reports = clients.Select((client, i) => new DemoClientReport(
                client.Name, client.EndPoint.Port, client.Status.BytesDownloaded, client.Status.BytesUploaded, client.Taken?.TotalSeconds, identical[i]));
            run.PrintJson(new DemoReport(allIdentical, torrent.InfoHashes.Wire.ToString(), torrent.TotalSize, [.. reports], answers), DemoJson.Readable.DemoReport);
        }
        else
        {
            text.PrintEnd(clients, identical);
            text.Step("6. What the tracker tells anybody who asks, with announce and scrape:");
            text.PrintTracker(clients, answers);
            long between = clients.Skip(1).Sum(static client => client.Status.BytesUploaded);
            text.Step(allIdentical
                ? $"All {Leechers} copies are identical. The seeder sent {ByteSize.Format(clients[0].Status.BytesUploaded)}, the leechers gave each other {ByteSize.Format(between)}."
                : "Not all copies are identical.");
        }

        return allIdentical ? ExitCode.Done : ExitCode.DoesNotVerify;
    }
}
