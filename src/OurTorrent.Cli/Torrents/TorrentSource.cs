using System.Buffers;
using System.Globalization;
using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Torrents;

/// <summary>Reads the torrents named on a command line: files, standard input, and URLs.</summary>
/// <param name="run">The environment.</param>
/// <param name="bind">The local address to fetch URLs from, or null for any.</param>
internal sealed class TorrentSource(CommandRun run, IPAddress? bind = null)
{
    private const int LimitMegabytes = 128;
    private const long Limit = LimitMegabytes * 1024L * 1024;

    /// <summary>Whether an argument is a magnet link, well formed or not.</summary>
    /// <param name="argument">The argument.</param>
    public static bool IsMagnet(string argument) => argument.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an argument is the URL of a torrent file.</summary>
    /// <param name="argument">The argument.</param>
    public static bool IsUrl(string argument) =>
        argument.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || argument.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a magnet link.</summary>
    /// <param name="argument">The link.</param>
    /// <exception cref="CommandException">It is not a valid one.</exception>
    public static MagnetLink ReadMagnet(string argument) => MagnetLink.TryParse(argument, out MagnetLink? link, out string? error)
        ? link
        : throw new CommandException(ExitCode.NotATorrent, $"{Shorten(argument)} is not a valid magnet link: {Lower(error.TrimEnd('.'))}.");

    /// <summary>Reads torrents.</summary>
    /// <param name="argument">As for <see cref="ReadAsync"/>, or a folder: all files in it that end in <c>.torrent</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">One cannot be read, or the folder holds none.</exception>
    public async Task<IReadOnlyList<TorrentMetainfo>> ReadAllAsync(string argument, CancellationToken cancellationToken)
    {
        if (argument == "-" || IsMagnet(argument) || IsUrl(argument) || FolderOf(argument) is not { } folder)
            return [await ReadAsync(argument, cancellationToken)];

        var torrents = new List<TorrentMetainfo>();
        foreach (string file in FilesIn(folder, argument))
            torrents.Add(await ReadAsync(file, cancellationToken));
        return torrents.Count > 0
            ? torrents
            : throw new CommandException(ExitCode.CannotRead, $"the folder {argument} holds no file that ends in .torrent.");
    }

    /// <summary>Reads a torrent.</summary>
    /// <param name="argument">
    /// A file, <c>-</c> for standard input, an http or https URL, or a magnet link that says where the torrent file is (<c>xs</c>).
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">It cannot be read, or is not a torrent.</exception>
    public async Task<TorrentMetainfo> ReadAsync(string argument, CancellationToken cancellationToken)
    {
        if (IsMagnet(argument))
        {
            MagnetLink link = ReadMagnet(argument);
            string source = link.Sources.FirstOrDefault(IsUrl) ?? throw new CommandException(
                ExitCode.Failed, $"magnet links cannot be fetched yet: use a torrent file of {link.Name ?? link.InfoHashes.Wire.ToString()} instead.");
            TorrentMetainfo named = await ReadAsync(source, cancellationToken);
            return Fits(link.InfoHashes, named.InfoHashes)
                ? named
                : throw new CommandException(ExitCode.NotATorrent, $"{source} is another torrent than the one the magnet link names.");
        }

        string name = argument == "-" ? "standard input" : argument;
        byte[] bytes = IsUrl(argument)
            ? await TorrentDownload.FetchAsync(argument, Limit, bind, cancellationToken)
            : await ReadBytesAsync(argument, name, cancellationToken);
        if (TorrentMetainfo.TryParse(bytes, out TorrentMetainfo? torrent, out MetainfoError? error))
            return torrent;

        throw new CommandException(ExitCode.NotATorrent, string.Create(
            CultureInfo.InvariantCulture, $"{name} is not a valid torrent: {Lower(error.Message.TrimEnd('.'))} (at byte {error.Offset})."));
    }

    /// <summary>Reads a whole stream, unless it goes on beyond a limit.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes, or null when there are more than the limit.</returns>
    public static async Task<byte[]?> ReadBoundedAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            // Of a file the length is known: no copies on the way, which for a large torrent are what takes most memory.
            if (stream.Length > limit)
                return null;
            byte[] file = new byte[stream.Length];
            int count = await stream.ReadAtLeastAsync(file, file.Length, throwOnEndOfStream: false, cancellationToken);
            return count == file.Length ? file : file[..count];
        }

        using var bytes = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (true)
            {
                int read = await stream.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    return bytes.ToArray();
                if (bytes.Length + read > limit)
                    return null;
                bytes.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // What a link names the torrent must have; a link to a hybrid torrent may name but one of the two.
    private static bool Fits(InfoHashes named, InfoHashes found) =>
        (named.V1 is null || named.V1 == found.V1) && (named.V2 is null || named.V2 == found.V2);

    private string? FolderOf(string argument)
    {
        try
        {
            string path = run.Environment.Resolve(argument);
            return Directory.Exists(path) ? path : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // No path at all: reading it says so.
            return null;
        }
    }

    private static string[] FilesIn(string folder, string argument)
    {
        try
        {
            string[] files = Directory.GetFiles(folder, "*.torrent");
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.CannotRead, $"cannot read {argument}: {FileErrors.Explain(e)}.", e);
        }
    }

    private async Task<byte[]> ReadBytesAsync(string argument, string name, CancellationToken cancellationToken)
    {
        try
        {
            string path = argument == "-" ? "" : run.Environment.Resolve(argument);
            if (Directory.Exists(path))
                throw new CommandException(ExitCode.CannotRead, $"cannot read {name}: it is a folder, not a torrent file.");

            await using Stream stream = argument == "-" ? run.Environment.OpenInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return await ReadBoundedAsync(stream, Limit, cancellationToken)
                ?? throw new CommandException(ExitCode.NotATorrent, $"{name} is not a valid torrent: it is larger than {LimitMegabytes} MB.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.CannotRead, $"cannot read {name}: {FileErrors.Explain(e)}.", e);
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..79] + "…";

    private static string Lower(string sentence) => sentence.Length == 0 ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
