using System.CommandLine;
using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Torrents;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Cli.Verify;

/// <summary><c>ourtorrent verify</c>: whether the content on disk is what a torrent says, and what of it is not.</summary>
internal sealed class VerifyCommand : CliCommand
{
    private readonly Argument<string> _torrent = new("TORRENT") { Description = "A torrent file, or - for standard input." };

    private readonly Option<string> _directory = new("--directory", "-d")
    {
        Description = "The folder the content is in.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => ".",
    };

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public VerifyCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "verify", "Check whether the content on disk is whole, and name what is not.",
            "ourtorrent verify album.torrent -d Music")
    {
        Arguments.Add(_torrent);
        Options.Add(_directory);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        TorrentMetainfo torrent = await new TorrentSource(run).ReadAsync(parsed.GetRequiredValue(_torrent), cancellationToken);
        string directory = parsed.GetValue(_directory) ?? ".";
        string path = run.Environment.Resolve(directory);
        if (!Directory.Exists(path))
            throw new CommandException(ExitCode.CannotRead, $"cannot read {directory}: no such folder.");

        VerifyResult result = await VerifyAsync(torrent, path, run, cancellationToken);
        if (run.Json)
        {
            run.PrintJson(
                new VerifyReport(
                    result.IsComplete, result.PiecesTotal, result.PiecesGood, [.. result.BadFiles.Select(static bad => bad.File.DisplayPath)]),
                VerifyJson.Readable.VerifyReport);
        }
        else
        {
            Print(run, torrent, result);
        }

        if (result.IsComplete)
            return ExitCode.Done;
        return result.BadFiles.Any(static bad => bad.Problem == FileProblem.Unreadable) ? ExitCode.CannotRead : ExitCode.DoesNotVerify;
    }

    private static async Task<VerifyResult> VerifyAsync(TorrentMetainfo torrent, string path, CommandRun run, CancellationToken cancellationToken)
    {
        using var line = new ProgressLine(run.Environment);
        return await ContentVerifier.VerifyAsync(torrent, path, new Progress(line), cancellationToken);
    }

    private static void Print(CommandRun run, TorrentMetainfo torrent, VerifyResult result)
    {
        if (result.IsComplete)
        {
            run.Screen.PrintLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{torrent.Name}: complete, all {result.PiecesTotal} pieces ({ByteSize.Format(torrent.TotalSize)}) verify"));
            return;
        }

        var table = new Table("FILES THAT ARE NOT WHOLE", "File", "Problem");
        foreach (BadFile bad in result.BadFiles)
            table.Add(bad.File.DisplayPath, bad.Description);
        if (result.BadFiles.Count > 0)
            run.Screen.Print(table);
        run.Screen.PrintLine(string.Create(
            CultureInfo.InvariantCulture, $"{torrent.Name}: not complete, {result.PiecesGood} of {result.PiecesTotal} pieces verify"));
    }

    /// <summary>Unlike the framework's own, this one reports at once and on the thread that calls.</summary>
    private sealed class Progress(ProgressLine line) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value) => line.Show(() => string.Create(
            CultureInfo.InvariantCulture,
            $"Checking: {Percent.Format((double)value.PiecesChecked / Math.Max(1, value.PiecesTotal))}, {value.PiecesGood} of {value.PiecesChecked} pieces verify"));
    }
}
