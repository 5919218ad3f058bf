using System.CommandLine;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Torrents;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Show;

/// <summary><c>ourtorrent show</c>: what a torrent file or magnet link says.</summary>
internal sealed class ShowCommand : CliCommand
{
    private readonly Argument<string> _torrent = new("TORRENT|MAGNET")
    {
        Description = "A torrent file, a magnet link, or - for standard input.",
    };

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public ShowCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "show", "Show what a torrent file or magnet link holds.",
            "ourtorrent show album.torrent",
            "ourtorrent show - --json < album.torrent")
    {
        Arguments.Add(_torrent);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        string argument = parsed.GetRequiredValue(_torrent);
        if (TorrentSource.IsMagnet(argument))
        {
            MagnetLink link = TorrentSource.ReadMagnet(argument);
            if (run.Json)
                run.PrintJson(Describe(link), ShowJson.Readable.ShownTorrent);
            else
                run.Screen.Print(TorrentTable.Of(link));
            return ExitCode.Done;
        }

        TorrentMetainfo torrent = await new TorrentSource(run).ReadAsync(argument, cancellationToken);
        if (run.Json)
            run.PrintJson(Describe(torrent), ShowJson.Readable.ShownTorrent);
        else
            run.Screen.Print(TorrentTable.Of(torrent));
        return ExitCode.Done;
    }

    private static ShownTorrent Describe(TorrentMetainfo torrent) => new(
        torrent.Name,
        torrent.InfoHashes.V1?.ToString(),
        torrent.InfoHashes.V2?.ToString(),
        torrent.TotalSize,
        torrent.PieceLength,
        torrent.PieceCount,
        torrent.IsPrivate,
        torrent.Comment,
        torrent.CreatedBy,
        torrent.CreationDate?.ToUnixTimeSeconds(),
        torrent.Source,
        torrent.Trackers,
        torrent.WebSeeds,
        [.. torrent.Files.Where(static file => !file.IsPadding).Select(static file => new ShownFile(file.DisplayPath, file.Length))]);

    private static ShownTorrent Describe(MagnetLink link) => new(
        link.Name,
        link.InfoHashes.V1?.ToString(),
        link.InfoHashes.V2?.ToString(),
        link.Length,
        PieceLength: null,
        PieceCount: null,
        Private: null,
        Comment: null,
        CreatedBy: null,
        CreationDate: null,
        Source: null,
        [.. link.Trackers.Select(static url => (IReadOnlyList<string>)[url])],
        link.WebSeeds,
        Files: null);
}
