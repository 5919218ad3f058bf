using System.CommandLine;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Torrents;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Cli.Tracking;

/// <summary><c>ourtorrent tracker torrent allow|deny|remove</c>.</summary>
internal sealed class TorrentAccessCommand : AccessCommand
{
    private readonly bool? _isAllowed;
    private readonly Argument<string[]> _torrents = new("TORRENT|MAGNET|HASH")
    {
        Description = "Torrent files, magnet links or info-hashes in hexadecimal; of a hybrid torrent both info-hashes are taken.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _comment = new("--comment") { Description = "A note to keep with it. [default: the torrent's name]", HelpName = "TEXT" };

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    /// <param name="name">The word it is called by.</param>
    /// <param name="description">What it does.</param>
    /// <param name="isAllowed">Whether it allows or denies; null if it takes either back.</param>
    public TorrentAccessCommand(CommandEnvironment environment, CommonOptions common, string name, string description, bool? isAllowed)
        : base(environment, common, name, description, mayCreate: isAllowed is not null, $"ourtorrent tracker torrent {name} album.torrent --database tracker.db")
    {
        _isAllowed = isAllowed;
        Arguments.Add(_torrents);
        if (isAllowed is not null)
            Options.Add(_comment);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, AccessDatabase database, CancellationToken cancellationToken)
    {
        // All of them are read before any is written.
        var torrents = new List<(InfoHash InfoHash, string Name)>();
        foreach (string argument in parsed.GetValue(_torrents) ?? [])
            torrents.AddRange(await ReadAsync(run, argument, cancellationToken));

        bool isMissing = false;
        foreach ((InfoHash infoHash, string name) in torrents)
        {
            string title = name.Length > 0 ? $"{infoHash} {name}" : infoHash.ToString();
            if (_isAllowed is { } isAllowed)
            {
                database.Set(infoHash, isAllowed, parsed.GetValue(_comment) ?? name);
                run.Say($"{(isAllowed ? "allowed" : "denied")} {title}");
            }
            else if (database.Remove(infoHash))
            {
                run.Say($"removed {title}");
            }
            else
            {
                isMissing = true;
                run.Say($"{title} was neither allowed nor denied.");
            }
        }

        if (run.Json)
            ListTorrentsCommand.Print(run, database);
        return isMissing ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<IEnumerable<(InfoHash InfoHash, string Name)>> ReadAsync(CommandRun run, string argument, CancellationToken cancellationToken)
    {
        if (InfoHash.TryParseHex(argument, out InfoHash v1))
            return [(v1, "")];
        if (InfoHashV2.TryParseHex(argument, out InfoHashV2 v2))
            return [(v2.Truncate(), "")];
        if (TorrentSource.IsMagnet(argument))
        {
            MagnetLink link = TorrentSource.ReadMagnet(argument);
            return Both(link.InfoHashes, link.Name ?? "");
        }

        TorrentMetainfo torrent = await new TorrentSource(run).ReadAsync(argument, cancellationToken);
        return Both(torrent.InfoHashes, torrent.Name);
    }

    private static IEnumerable<(InfoHash InfoHash, string Name)> Both(InfoHashes infoHashes, string name) =>
        new[] { infoHashes.V1, infoHashes.V2?.Truncate() }.OfType<InfoHash>().Select(infoHash => (infoHash, name));
}
