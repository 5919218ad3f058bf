using System.CommandLine;
using OurTorrent.Cli.Show;
using OurTorrent.Cli.Terminal;
using OurTorrent.Creation;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Demo;

/// <summary><c>ourtorrent demo</c>: the whole story on this machine, in a few seconds, with nothing left behind.</summary>
internal sealed class DemoCommand(CommandEnvironment environment, CommonOptions common) : CliCommand(
    environment, common, "demo", "See it work: one seeder and three leechers share a folder on this machine. Takes a few seconds.",
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

        text.Step("2. Creating a torrent of it:");
        var options = new TorrentCreateOptions { PieceLength = PieceLength, TimeProvider = run.Environment.Time };
        CreatedTorrent torrent = await TorrentCreator.CreateAsync(Path.Combine(original, DemoContent.Name), options, null, cancellationToken);
        if (!run.Json)
            run.Screen.Print(TorrentTable.Of(torrent.Metainfo));

        text.Step($"3. One seeder and {Leechers} leechers connect on 127.0.0.1; the seeder sends {ByteSize.FormatRate(SeederRate)}, so the leechers share what they get:");
        var clients = new List<DemoClient>();
        try
        {
            await StartAsync(run, torrent.Metainfo, folder, original, clients, cancellationToken);
            await text.ShowAsync(clients, show => WatchAsync(clients, show, run.Environment.Time, cancellationToken));
            return await ConcludeAsync(run, text, torrent.Metainfo, clients, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(clients.Select(static client => client.DisposeAsync().AsTask()));
        }
    }

    private static async Task StartAsync(
        CommandRun run, TorrentMetainfo torrent, string folder, string original, List<DemoClient> clients, CancellationToken cancellationToken)
    {
        var session = new SessionOptions { TimeProvider = run.Environment.Time, LoggerFactory = run.Loggers };
        clients.Add(await DemoClient.StartAsync(
            "seeder", original, torrent, session with { UploadLimit = SeederRate }, Leechers, [], cancellationToken));
        await clients[0].Torrent.Checked.WaitAsync(cancellationToken);
        for (int i = 1; i <= Leechers; i++)
        {
            string name = $"leecher {i}";
            clients.Add(await DemoClient.StartAsync(name, Path.Combine(folder, name), torrent, session, null, [.. clients], cancellationToken));
        }
    }

    private static async Task WatchAsync(List<DemoClient> clients, Action show, TimeProvider time, CancellationToken cancellationToken)
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
            if (clients.TrueForAll(static client => client.Status.IsComplete))
                return;
            if (time.GetElapsedTime(started) > Patience)
                throw new CommandException(ExitCode.Unfinished, $"the leechers were not complete within {Duration.Format(Patience)}.");

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private static async Task<ExitCode> ConcludeAsync(
        CommandRun run, DemoText text, TorrentMetainfo torrent, List<DemoClient> clients, CancellationToken cancellationToken)
    {
        text.Step("4. Comparing every copy with the original, byte for byte:");
        var identical = new List<bool>();
        foreach (DemoClient client in clients)
            identical.Add(await DemoContent.AreSameAsync(clients[0].Directory, client.Directory, cancellationToken));

        bool allIdentical = identical.TrueForAll(static same => same);
        if (run.Json)
        {
            IEnumerable<DemoClientReport> reports = clients.Select((client, i) => new DemoClientReport(
                client.Name, client.EndPoint.Port, client.Status.BytesDownloaded, client.Status.BytesUploaded, client.Taken?.TotalSeconds, identical[i]));
            run.PrintJson(new DemoReport(allIdentical, torrent.InfoHashes.Wire.ToString(), torrent.TotalSize, [.. reports]), DemoJson.Readable.DemoReport);
        }
        else
        {
            text.PrintEnd(clients, identical);
            long between = clients.Skip(1).Sum(static client => client.Status.BytesUploaded);
            text.Step(allIdentical
                ? $"All {Leechers} copies are identical. The seeder sent {ByteSize.Format(clients[0].Status.BytesUploaded)}, the leechers gave each other {ByteSize.Format(between)}."
                : "Not all copies are identical.");
        }

        return allIdentical ? ExitCode.Done : ExitCode.DoesNotVerify;
    }
}
