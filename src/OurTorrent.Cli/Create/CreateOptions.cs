using System.CommandLine;
using System.Numerics;
using OurTorrent.Cli.Terminal;
using OurTorrent.Creation;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Create;

/// <summary>The options of <c>create</c> that end up in the torrent.</summary>
internal sealed class CreateOptions
{
    private readonly Option<IReadOnlyList<string>> _trackers = OptionParsing.CreateList(
        "--tracker", "URL", "The announce URL of a tracker. May be given again: the next ones are asked when the first fails.",
        "a URL that begins with udp://, http:// or https:// is needed", static text => ReadUrl(text, "udp", "http", "https", "ws", "wss"), "-t");

    private readonly Option<IReadOnlyList<string>> _webSeeds = OptionParsing.CreateList(
        "--web-seed", "URL", "A web server that holds the content. May be given again.",
        "a URL that begins with http:// or https:// is needed", static text => ReadUrl(text, "http", "https", "ftp"), "-w");

    private readonly Option<bool> _private = new("--private") { Description = "Peers may come from the trackers only." };

    private readonly Option<int?> _pieceLength = OptionParsing.Create<int>(
        "--piece-length", "SIZE", "The length of a piece, such as 256K. [default: by the size of the content]",
        $"a power of two from {ByteSize.Format(TorrentCreateOptions.MinPieceLength)} to {ByteSize.Format(TorrentMetainfo.MaxPieceLength)} is needed",
        ReadPieceLength);

    private readonly Option<TorrentVersion?> _format = OptionParsing.Create<TorrentVersion>(
        "--format", "v1|v2|hybrid", "The format of the torrent; every client knows v1. [default: v1]", "v1, v2 or hybrid is needed", ReadFormat);

    private readonly Option<string?> _name = new("--name") { Description = "The name of the content. [default: that of PATH]", HelpName = "NAME" };

    private readonly Option<string?> _comment = new("--comment") { Description = "What you want to say about it.", HelpName = "TEXT" };

    private readonly Option<string?> _source = new("--source")
    {
        Description = "The site the torrent is made for; gives it an info-hash of its own.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _noDate = new("--no-date") { Description = "Do not say when it was made." };

    /// <summary>Gives a command these options.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(_trackers);
        command.Options.Add(_webSeeds);
        command.Options.Add(_private);
        command.Options.Add(_pieceLength);
        command.Options.Add(_format);
        command.Options.Add(_name);
        command.Options.Add(_comment);
        command.Options.Add(_source);
        command.Options.Add(_noDate);
    }

    /// <summary>Reads them from a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CommandException">They make no sense.</exception>
    public TorrentCreateOptions Read(ParseResult parsed, TimeProvider time)
    {
        var options = new TorrentCreateOptions
        {
            Trackers = [.. (parsed.GetValue(_trackers) ?? []).Select(static url => (IReadOnlyList<string>)[url])],
            WebSeeds = parsed.GetValue(_webSeeds) ?? [],
            IsPrivate = parsed.GetValue(_private),
            PieceLength = parsed.GetValue(_pieceLength),
            Version = parsed.GetValue(_format) ?? TorrentVersion.V1,
            Name = parsed.GetValue(_name),
            Comment = parsed.GetValue(_comment),
            Source = parsed.GetValue(_source),
            WithCreationDate = !parsed.GetValue(_noDate),
            TimeProvider = time,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCode.WrongUsage, e.Message, e);
        }

        return options;
    }

    private static string? ReadUrl(string text, params ReadOnlySpan<string> schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Host.Length > 0 && schemes.Contains(url.Scheme) ? text : null;

    private static bool ReadPieceLength(string text, out int length)
    {
        length = 0;
        if (!ByteSize.TryParse(text, out long bytes) || bytes is < TorrentCreateOptions.MinPieceLength or > TorrentMetainfo.MaxPieceLength
            || !BitOperations.IsPow2(bytes))
        {
            return false;
        }

        length = (int)bytes;
        return true;
    }

    private static bool ReadFormat(string text, out TorrentVersion version)
    {
        (bool known, version) = text switch
        {
            "v1" => (true, TorrentVersion.V1),
            "v2" => (true, TorrentVersion.V2),
            "hybrid" => (true, TorrentVersion.Hybrid),
            _ => (false, default),
        };
        return known;
    }
}
