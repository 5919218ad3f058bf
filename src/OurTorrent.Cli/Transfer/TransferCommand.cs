using System.CommandLine;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Torrents;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Transfer;

/// <summary>What <c>get</c> and <c>seed</c> have in common.</summary>
internal abstract class TransferCommand : CliCommand
{
    private readonly TransferKind _kind;
    private readonly Argument<string[]> _torrents;
    private readonly TransferOptions _options = new();

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    /// <param name="kind">Whether it downloads or seeds.</param>
    /// <param name="name">The word it is called by.</param>
    /// <param name="description">What it does.</param>
    /// <param name="torrents">What the torrents are, for the help.</param>
    /// <param name="examples">Command lines to copy.</param>
    protected TransferCommand(
        CommandEnvironment environment,
        CommonOptions common,
        TransferKind kind,
        string name,
        string description,
        string torrents,
        params IReadOnlyList<string> examples)
        : base(environment, common, name, description, examples)
    {
        _kind = kind;
        _torrents = new Argument<string[]>("TORRENT|URL") { Description = torrents, Arity = ArgumentArity.OneOrMore };
        Arguments.Add(_torrents);
        _options.AddTo(this);
    }

    /// <inheritdoc/>
    protected sealed override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        try
        {
            TransferSettings settings = Complete(_options.Read(parsed, run.Environment), parsed);
            var source = new TorrentSource(run, settings.Bind);
            var torrents = new List<TorrentMetainfo>();
            foreach (string argument in parsed.GetValue(_torrents) ?? [])
                torrents.AddRange(await source.ReadAllAsync(argument, cancellationToken));

            ITransferView view = run.Json ? new JsonView(run, _kind) : run.Screen.IsTerminal ? new LiveView(run) : new PlainView(run);
            return await new TorrentTransfer(run, _kind, settings, view).RunAsync(torrents, cancellationToken);
        }
        catch (CommandException e) when (run.Json)
        {
            JsonView.PrintError(run, e);
            throw;
        }
    }

    /// <summary>Adds what the command's own options say.</summary>
    /// <param name="settings">What the shared options say.</param>
    /// <param name="parsed">The command line.</param>
    protected virtual TransferSettings Complete(TransferSettings settings, ParseResult parsed) => settings;
}
