using OurTorrent.Cli.Terminal;
using OurTorrent.Creation;

namespace OurTorrent.Cli.Create;

/// <summary>Makes a torrent of what a person names, shows how far it is, and says in a line what is in the way.</summary>
internal static class TorrentMaker
{
    /// <summary>Finds out where a torrent file goes.</summary>
    /// <param name="run">The environment.</param>
    /// <param name="output">The file or folder that was named, or null for the current folder.</param>
    /// <param name="name">The name of the content.</param>
    /// <param name="mayOverwrite">Whether a file that is there may be written over.</param>
    /// <returns>The file, with its whole path.</returns>
    /// <exception cref="CommandException">It cannot go there.</exception>
    public static string FindTarget(CommandRun run, string? output, string name, bool mayOverwrite)
    {
        string shown = output ?? name + ".torrent";
        string target = run.Environment.Resolve(shown);
        if (Directory.Exists(target))
        {
            target = Path.Combine(target, name + ".torrent");
            shown = Path.Combine(shown, name + ".torrent");
        }

        if (!Directory.Exists(Path.GetDirectoryName(target)))
            throw new CommandException(ExitCode.CannotWrite, $"cannot write {shown}: no such folder.");
        if (!mayOverwrite && File.Exists(target))
            throw new CommandException(ExitCode.CannotWrite, $"{shown} exists already; choose another name with -o, or --force.");
        return target;
    }

    /// <summary>Makes a torrent.</summary>
    /// <param name="run">The environment.</param>
    /// <param name="given">The file or folder as it was typed.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">What the torrent says besides.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">A file or folder is in the way of it.</exception>
    public static async Task<CreatedTorrent> CreateAsync(
        CommandRun run, string given, string path, TorrentCreateOptions options, CancellationToken cancellationToken)
    {
        using var line = new ProgressLine(run.Environment);
        try
        {
            return await TorrentCreator.CreateAsync(path, options, new Progress(line), cancellationToken);
        }
        catch (TorrentCreateException e)
        {
            throw e.Kind switch
            {
                TorrentCreateErrorKind.NotFound => new CommandException(ExitCode.CannotRead, $"cannot read {given}: no such file or folder.", e),
                TorrentCreateErrorKind.CannotRead or TorrentCreateErrorKind.UnusableLink or TorrentCreateErrorKind.SpecialFile =>
                    new CommandException(ExitCode.CannotRead, e.Message, e),
                _ => new CommandException(ExitCode.Failed, e.Message, e),
            };
        }
    }

    /// <summary>Turns what keeps a torrent file from being written into a line.</summary>
    /// <param name="save">Writes it.</param>
    /// <param name="shown">The file, as a person knows it.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static async Task SaveAsync(Func<Task> save, string shown)
    {
        try
        {
            await save();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.CannotWrite, $"cannot write {shown}: {FileErrors.Explain(e)}.", e);
        }
    }

    /// <summary>Unlike the framework's own, this one reports at once and on the thread that calls.</summary>
    private sealed class Progress(ProgressLine line) : IProgress<TorrentCreateProgress>
    {
        public void Report(TorrentCreateProgress value) => line.Show(() =>
            $"Hashing: {Percent.Format((double)value.BytesHashed / Math.Max(1, value.TotalBytes))}, "
            + $"{ByteSize.Format(value.BytesHashed)} of {ByteSize.Format(value.TotalBytes)}");
    }
}
