using System.CommandLine;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary><c>ourtorrent get</c>: downloads, and ends when the content is complete and verified.</summary>
internal sealed class GetCommand : TransferCommand
{
    private readonly Option<TimeSpan?> _timeout = OptionParsing.Create<TimeSpan>(
        "--timeout", "TIME", "Stop after this time if something is still missing: 90s, 10m, 2h. [default: never]",
        "a time such as 90s, 10m or 2h is needed", Duration.TryParse);

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public GetCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, TransferKind.Get, "get", "Download; ends when the content is complete and verified. Run again, it goes on where it stopped.",
            "Torrent files, folders of them, http or https URLs of torrent files, or - for standard input.",
            "ourtorrent get album.torrent -d Music",
            "ourtorrent get https://example.org/album.torrent --limit 2M --seed-ratio 1",
            "ourtorrent get a.torrent b.torrent --select '*.flac' --timeout 2h")
    {
        Options.Add(_timeout);
    }

    /// <inheritdoc/>
    protected override TransferSettings Complete(TransferSettings settings, ParseResult parsed) =>
        settings with { Timeout = parsed.GetValue(_timeout) };
}
