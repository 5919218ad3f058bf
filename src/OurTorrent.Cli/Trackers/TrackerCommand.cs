using System.CommandLine;
using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Trackers;

namespace OurTorrent.Cli.Trackers;

/// <summary>What <c>announce</c> and <c>scrape</c> have in common: one swarm, and each of its trackers asked at the same time.</summary>
internal abstract class TrackerCommand : CliCommand
{
    private readonly Argument<string> _torrent = new("TORRENT|MAGNET")
    {
        Description = "A torrent file, a magnet link, or - for standard input.",
    };

    private readonly Option<IReadOnlyList<string>> _trackers = OptionParsing.CreateList(
        "--tracker", "URL", "Ask this tracker in place of the torrent's own. May be given again.", "a URL is needed",
        static text => text.Contains("://", StringComparison.Ordinal) ? text : null, "-t");

    private readonly Option<IPAddress?> _bind = OptionParsing.CreateBind("The local address to ask from. [default: any]");

    private readonly Option<TimeSpan?> _timeout = OptionParsing.Create<TimeSpan>(
        "--timeout", "TIME", "How long to wait for each tracker. [default: 15s]", "a time such as 10s or 1m is needed", Duration.TryParse);

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    /// <param name="name">The word it is called by.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Command lines to copy.</param>
    protected TrackerCommand(
        CommandEnvironment environment, CommonOptions common, string name, string description, params IReadOnlyList<string> examples)
        : base(environment, common, name, description, examples)
    {
        Arguments.Add(_torrent);
        Options.Add(_trackers);
        Options.Add(_bind);
        Options.Add(_timeout);
    }

    /// <inheritdoc/>
    protected sealed override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        TrackedSwarm swarm = await TrackedSwarm.ReadAsync(
            run, parsed.GetRequiredValue(_torrent), parsed.GetValue(_trackers) ?? [], cancellationToken);
        var options = new TrackerClientOptions { BindAddress = parsed.GetValue(_bind) };
        if (parsed.GetValue(_timeout) is { } timeout)
            options = options with { Timeout = timeout };

        await using var client = new TrackerClient(options);
        bool answered = await AskAsync(client, swarm, run, cancellationToken);
        return answered ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Asks every tracker and prints what they say.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="swarm">About what, and whom.</param>
    /// <param name="run">The environment and how to speak.</param>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    /// <returns>Whether at least one of them answered.</returns>
    protected abstract Task<bool> AskAsync(TrackerClient client, TrackedSwarm swarm, CommandRun run, CancellationToken cancellationToken);

    /// <summary>A number, or a dash where there is none.</summary>
    /// <param name="number">The number.</param>
    protected static string Format(int? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-";
}
