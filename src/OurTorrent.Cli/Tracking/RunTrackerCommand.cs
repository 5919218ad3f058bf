using System.CommandLine;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tracking;

/// <summary><c>ourtorrent tracker</c>: runs a tracker until it is stopped.</summary>
internal sealed class RunTrackerCommand : CliCommand
{
    private readonly TrackerOptionSet _settings = new(TrackerSettings.All);

    private readonly Option<string?> _config = new("--config")
    {
        Description = $"Read settings from this JSON file; options and variables ({TrackerSetting.VariablePrefix}...) come before it.",
        HelpName = "FILE",
    };

    private readonly Option<TimeSpan?> _report = OptionParsing.Create<TimeSpan>(
        "--report", "TIME", "How often to show statistics. [default: 1s on a terminal, 5s in JSON, 1m in a pipe]",
        "a time such as 10s or 5m is needed", Duration.TryParse);

    private readonly Option<bool> _check = new("--check-config") { Description = "Show what would be used, and from where it comes, and end." };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show where it listens, and nothing more." };

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public RunTrackerCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "tracker", "Run a tracker until it is stopped. Without --udp and --http it takes both on port 6969 of all addresses.",
            "ourtorrent tracker",
            "ourtorrent tracker --database /var/lib/ourtorrent/tracker.db",
            "ourtorrent tracker --private --database tracker.db --config tracker.json --check-config",
            "ourtorrent tracker --udp 192.0.2.7:6969 --udp [2001:db8::7]:6969 --http localhost:8080 --json")
    {
        _settings.AddTo(this);
        Options.Add(_config);
        Options.Add(_check);
        Options.Add(_report);
        Options.Add(_quiet);
        Subcommands.Add(new Command("torrent", "Say in the tracker's database which torrents are served.")
        {
            new TorrentAccessCommand(environment, common, "allow", "Serve these torrents; with --allowed-only no others are.", isAllowed: true),
            new TorrentAccessCommand(environment, common, "deny", "Do not serve these torrents.", isAllowed: false),
            new TorrentAccessCommand(environment, common, "remove", "Neither allow nor deny these torrents any more.", isAllowed: null),
            new ListTorrentsCommand(environment, common),
        });
        Subcommands.Add(new Command("passkey", "Issue the passkeys by which users of a private tracker are known.")
        {
            new AddPasskeyCommand(environment, common),
            new ListPasskeysCommand(environment, common),
            new RevokePasskeyCommand(environment, common),
        });
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        try
        {
            TrackerConfiguration configuration = TrackerConfiguration.Read(
                run.Environment, TrackerSettings.All, _settings.Read(parsed), parsed.GetValue(_config), run.Say);
            if (parsed.GetValue(_check))
            {
                ConfigurationReport.Print(run, configuration);
                return ExitCode.Done;
            }

            run.LogForOperator();
            bool quiet = parsed.GetValue(_quiet);
            ITrackerView view = run.Json ? new TrackerJsonView(run) : run.Screen.IsTerminal && !quiet ? new TrackerLiveView(run) : new TrackerPlainView(run);
            TimeSpan? interval = quiet ? null : parsed.GetValue(_report) ?? view.Interval;
            return await new TrackerRun(run, configuration.Setup, view, interval).RunAsync(cancellationToken);
        }
        catch (CommandException e) when (run.Json)
        {
            TrackerJsonView.PrintError(run, e);
            throw;
        }
    }
}
