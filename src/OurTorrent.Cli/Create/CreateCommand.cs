using System.CommandLine;
using System.Globalization;
using OurTorrent.Cli.Show;
using OurTorrent.Cli.Terminal;
using OurTorrent.Creation;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Create;

/// <summary><c>ourtorrent create</c>: makes a torrent of a file or folder.</summary>
internal sealed class CreateCommand : CliCommand
{
    private readonly Argument<string> _path = new("PATH") { Description = "The file or folder to share." };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The torrent file to write, or - for standard output. [default: NAME.torrent]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Write over a torrent file that exists." };

    private readonly CreateOptions _options = new();

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public CreateCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "create", "Make a torrent of a file or folder.",
            "ourtorrent create album --tracker udp://tracker.example:6969/announce",
            "ourtorrent create film.mkv -o film.torrent --piece-length 1M --private --comment 'Our holidays'")
    {
        Arguments.Add(_path);
        Options.Add(_output);
        _options.AddTo(this);
        Options.Add(_force);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        string given = parsed.GetRequiredValue(_path);
        string path = Path.TrimEndingDirectorySeparator(run.Environment.Resolve(given));
        TorrentCreateOptions options = _options.Read(parsed, run.Environment.Time);
        string? output = parsed.GetValue(_output);
        string? target = output == "-" ? null : TorrentMaker.FindTarget(run, output, options.Name ?? Path.GetFileName(path), parsed.GetValue(_force));

        CreatedTorrent torrent = await TorrentMaker.CreateAsync(run, given, path, options, cancellationToken);
        if (target is null)
            await WriteOutAsync(run, torrent, cancellationToken);
        else
            await TorrentMaker.SaveAsync(() => torrent.SaveAsync(target, cancellationToken), output ?? Path.GetFileName(target));

        string name = target is null ? "-" : Path.GetRelativePath(run.Environment.CurrentDirectory, target);
        Report(run, torrent.Metainfo, name, path);
        return ExitCode.Done;
    }

    private static async Task WriteOutAsync(CommandRun run, CreatedTorrent torrent, CancellationToken cancellationToken)
    {
        await using Stream stream = run.Environment.OpenOutput();
        await stream.WriteAsync(torrent.Bytes, cancellationToken);
    }

    private static void Report(CommandRun run, TorrentMetainfo torrent, string name, string path)
    {
        // The torrent itself is the data then, and a word about it would spoil it.
        if (name == "-")
            return;

        int files = torrent.Files.Count(static file => !file.IsPadding);
        string magnet = MagnetLink.FromMetainfo(torrent).ToString();
        if (run.Json)
        {
            run.PrintJson(
                new CreateReport(
                    name, torrent.Name, torrent.InfoHashes.V1?.ToString(), torrent.InfoHashes.V2?.ToString(), torrent.TotalSize,
                    torrent.PieceLength, torrent.PieceCount, files, magnet),
                CreateJson.Readable.CreateReport);
            return;
        }

        var table = new Table("TORRENT CREATED");
        table.Add("Torrent file", name);
        TorrentTable.AddHashes(table, torrent.InfoHashes);
        table.Add("Content", string.Create(CultureInfo.InvariantCulture, $"{torrent.Name}, {ByteSize.FormatExact(torrent.TotalSize)}, {Words.Count(files, "file")}"));
        table.Add("Pieces", string.Create(CultureInfo.InvariantCulture, $"{torrent.PieceCount} of {ByteSize.FormatExact(torrent.PieceLength)}"));
        table.Add("Magnet link", magnet);
        run.Screen.Print(table);

        if (!string.Equals(torrent.Name, Path.GetFileName(path), StringComparison.Ordinal))
        {
            run.Say($"the content will be looked for under the name {torrent.Name}: rename {Path.GetFileName(path)} before you seed it.");
            return;
        }

        string folder = Path.GetRelativePath(run.Environment.CurrentDirectory, Path.GetDirectoryName(path) ?? path);
        if (run.Screen.IsTerminal)
            run.Say($"to share it: ourtorrent seed {Quote(name)}{(folder == "." ? "" : " -d " + Quote(folder))}");
    }

    private static string Quote(string word) => word.All(static c => char.IsLetterOrDigit(c) || "._-/+:=@,\\".Contains(c, StringComparison.Ordinal)) ? word : $"\"{word}\"";
}
