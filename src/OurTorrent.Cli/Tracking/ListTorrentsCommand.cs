using System.CommandLine;
using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Cli.Tracking;

/// <summary><c>ourtorrent tracker torrent list</c>.</summary>
/// <param name="environment">What it sees of the process.</param>
/// <param name="common">The options every command has.</param>
internal sealed class ListTorrentsCommand(CommandEnvironment environment, CommonOptions common) : AccessCommand(
    environment, common, "list", "List the torrents that are allowed or denied.", mayCreate: false,
    "ourtorrent tracker torrent list --database tracker.db")
{
    /// <summary>Prints all of them as JSON.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="database">The database.</param>
    public static void Print(CommandRun run, AccessDatabase database) => run.PrintJson<IReadOnlyList<ListedTorrent>>(
        [.. database.GetTorrents().Select(static torrent => new ListedTorrent(torrent.InfoHash.ToString(), torrent.IsAllowed, torrent.Comment, torrent.Changed))],
        TrackingJson.Readable.IReadOnlyListListedTorrent);

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, AccessDatabase database, CancellationToken cancellationToken)
    {
        if (run.Json)
        {
            Print(run, database);
            return Task.FromResult(ExitCode.Done);
        }

        IReadOnlyList<TorrentAccess> torrents = database.GetTorrents();
        if (torrents.Count == 0)
        {
            run.Say("no torrent is allowed or denied.");
            return Task.FromResult(ExitCode.Done);
        }

        var table = new Table("TORRENTS", "Info-hash", "Access", "Since", "Comment");
        foreach (TorrentAccess torrent in torrents)
            table.Add(torrent.InfoHash.ToString(), torrent.IsAllowed ? "allowed" : "denied", torrent.Changed.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), torrent.Comment);
        run.Screen.Print(table);
        return Task.FromResult(ExitCode.Done);
    }
}
