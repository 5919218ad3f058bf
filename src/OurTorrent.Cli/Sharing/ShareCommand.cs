using System.CommandLine;
using OurTorrent.Cli.Create;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Transfer;
using OurTorrent.Creation;

namespace OurTorrent.Cli.Sharing;

/// <summary><c>ourtorrent share</c>: torrent, tracker and seeder in one, and the line a friend types.</summary>
internal sealed class ShareCommand : CliCommand
{
    private readonly Argument<string> _path = new("PATH") { Description = "The file or folder to share. It stays where it is." };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write the torrent file too, to this file or into this folder; one that is there is written over.",
        HelpName = "FILE",
    };

    private readonly Option<IReadOnlyList<string>> _addresses = OptionParsing.CreateList(
        "--address", "HOST", "A name or address your friends reach this machine by, such as that of your router. May be given again. [default: its own]",
        "a host name or an IP address without a port is needed", static text => Uri.CheckHostName(text.Trim('[', ']')) == UriHostNameType.Unknown ? null : text.Trim('[', ']'));

    private readonly Option<int?> _trackerPort = OptionParsing.Create(
        "--tracker-port", "N", "The port of the tracker, TCP and UDP; any with 0. [default: 6969 or the next free one]",
        "a port is a number from 0 to 65535", OptionParsing.Whole(0, ushort.MaxValue));

    private readonly Option<TimeSpan?> _for = OptionParsing.Create<TimeSpan>(
        "--for", "TIME", "Share for this time: 90s, 10m, 2h. [default: until stopped]", "a time such as 90s, 10m or 2h is needed", Duration.TryParse);

    private readonly Option<int?> _stopAfter = OptionParsing.Create(
        "--stop-after", "N", "Stop when so many friends have all of it.", "a number from 1 to 100000 is needed", OptionParsing.Whole(1, 100_000));

    private readonly Option<bool> _qr = new("--qr") { Description = "Show the address as a QR code." };

    private readonly CreateOptions _create = new();
    private readonly TransferOptions _transfer = new();

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public ShareCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "share", "Share a file or folder with friends: makes the torrent, runs a tracker for it, seeds, and prints the line they type.",
            "ourtorrent share album",
            "ourtorrent share film.mkv --stop-after 1",
            "ourtorrent share album --address home.example.org --tracker-port 6969 --port 6881 --for 2h --qr")
    {
        Arguments.Add(_path);
        Options.Add(_stopAfter);
        Options.Add(_for);
        Options.Add(_qr);
        Options.Add(_addresses);
        Options.Add(_trackerPort);
        Options.Add(_output);
        _transfer.AddSeedingTo(this);
        _create.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        try
        {
            IShareView view = run.Json ? new ShareJsonView(run) : run.Screen.IsTerminal ? new ShareLiveView(run) : new SharePlainView(run);
            return await new ShareRun(run, Read(parsed, run), view).RunAsync(cancellationToken);
        }
        catch (CommandException e) when (run.Json)
        {
            ShareJsonView.PrintError(run, e);
            throw;
        }
    }

    private ShareSettings Read(ParseResult parsed, CommandRun run)
    {
        string given = parsed.GetRequiredValue(_path);
        string path = Path.TrimEndingDirectorySeparator(run.Environment.Resolve(given));
        TorrentCreateOptions torrent = _create.Read(parsed, run.Environment.Time);
        return new ShareSettings
        {
            Given = given,
            Path = path,
            Torrent = torrent,
            Transfer = _transfer.Read(parsed, run.Environment) with { Directory = Path.GetDirectoryName(path) ?? path },
            TorrentFile = parsed.GetValue(_output) is { } output
                ? TorrentMaker.FindTarget(run, output, torrent.Name ?? Path.GetFileName(path), mayOverwrite: true)
                : null,
            TrackerPort = parsed.GetValue(_trackerPort),
            Addresses = parsed.GetValue(_addresses) ?? [],
            For = parsed.GetValue(_for),
            StopAfter = parsed.GetValue(_stopAfter),
            Qr = parsed.GetValue(_qr),
        };
    }
}
