using System.CommandLine;
using System.Net;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>The options that <c>get</c>, <c>seed</c> and <c>share</c> have in common.</summary>
internal sealed class TransferOptions
{
    private const string RateForm = "a rate is a number of bytes a second, such as 500K or 2M, above 0";

    private readonly Option<string> _directory = new("--directory", "-d")
    {
        Description = "The folder the content is in, or is put into.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => ".",
    };

    private readonly Option<int?> _port = OptionParsing.Create(
        "--port", "N", "The port peers connect to; the next free one if it is taken, any with 0. [default: 6881]",
        "a port is a number from 0 to 65535", OptionParsing.Whole(0, ushort.MaxValue));

    private readonly Option<IPAddress?> _bind = OptionParsing.CreateBind("The local address to listen on and connect from. [default: all]");

    private readonly Option<IReadOnlyList<PeerAddress>> _peers = OptionParsing.CreateList(
        "--peer", "HOST:PORT", "Connect straight to this peer. May be given again.", "a host and a port are needed, such as 192.0.2.7:6881",
        PeerAddress.Parse);

    private readonly Option<int?> _maxPeers = OptionParsing.Create(
        "--max-peers", "N", "The most peers connected at once. [default: 200]", "a number from 1 to 100000 is needed",
        OptionParsing.Whole(1, 100_000), "-m");

    private readonly Option<long?> _limit = OptionParsing.Create<long>(
        "--limit", "RATE", "The most bytes a second in each direction: 500K, 2M. [default: none]", RateForm, ReadRate, "-l");

    private readonly Option<long?> _downloadLimit = OptionParsing.Create<long>(
        "--download-limit", "RATE", "The most bytes a second to receive.", RateForm, ReadRate);

    private readonly Option<long?> _uploadLimit = OptionParsing.Create<long>(
        "--upload-limit", "RATE", "The most bytes a second to send.", RateForm, ReadRate);

    private readonly Option<double?> _seedRatio = OptionParsing.Create<double>(
        "--seed-ratio", "R", "Seed until R times the size of the content was sent.", "a number such as 1.5 is needed", OptionParsing.Number);

    private readonly Option<double?> _seedTime = OptionParsing.Create<double>(
        "--seed-time", "MINUTES", "Seed for so many minutes.", "a number of minutes up to 70000 is needed",
        static (string text, out double value) => OptionParsing.Number(text, out value) && value <= 70_000);

    private readonly Option<IReadOnlyList<string>> _select = OptionParsing.CreateList(
        "--select", "GLOB", "Only files that fit the pattern, such as '*.txt'. May be given again.", "a pattern is needed",
        static text => text.Length == 0 ? null : text);

    private readonly Option<bool> _sequential = new("--sequential") { Description = "Fetch pieces in order rather than the rarest first." };

    /// <summary>Gives a command these options.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(_directory);
        AddSeedingTo(command);
        command.Options.Add(_select);
        command.Options.Add(_sequential);
    }

    /// <summary>Gives a command those that make sense where the content is all there, and its place is known.</summary>
    /// <param name="command">The command.</param>
    public void AddSeedingTo(Command command)
    {
        command.Options.Add(_port);
        command.Options.Add(_bind);
        command.Options.Add(_peers);
        command.Options.Add(_maxPeers);
        command.Options.Add(_limit);
        command.Options.Add(_downloadLimit);
        command.Options.Add(_uploadLimit);
        command.Options.Add(_seedRatio);
        command.Options.Add(_seedTime);
    }

    /// <summary>Reads them from a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="environment">Gives relative paths their beginning.</param>
    public TransferSettings Read(ParseResult parsed, CommandEnvironment environment) => new()
    {
        Directory = environment.Resolve(parsed.GetValue(_directory) ?? "."),
        Port = parsed.GetValue(_port),
        Bind = parsed.GetValue(_bind),
        Peers = parsed.GetValue(_peers) ?? [],
        MaxPeers = parsed.GetValue(_maxPeers),
        DownloadLimit = parsed.GetValue(_downloadLimit) ?? parsed.GetValue(_limit) ?? 0,
        UploadLimit = parsed.GetValue(_uploadLimit) ?? parsed.GetValue(_limit) ?? 0,
        SeedRatio = parsed.GetValue(_seedRatio),
        SeedTime = parsed.GetValue(_seedTime) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        Select = [.. (parsed.GetValue(_select) ?? []).Select(static pattern => new Glob(pattern))],
        Sequential = parsed.GetValue(_sequential),
    };

    private static bool ReadRate(string text, out long rate) => ByteSize.TryParse(text, out rate) && rate > 0;
}
