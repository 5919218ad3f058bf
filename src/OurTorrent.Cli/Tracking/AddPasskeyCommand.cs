using System.CommandLine;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Cli.Tracking;

/// <summary><c>ourtorrent tracker passkey add</c>.</summary>
internal sealed class AddPasskeyCommand : AccessCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Whom it is for." };

    private readonly Option<IReadOnlyList<string>> _urls = OptionParsing.CreateList(
        "--url", "URL", "Where users reach the tracker, such as udp://tracker.example:6969, for the whole announce URL. May be given again.",
        "a URL that begins with udp://, http:// or https:// is needed", ReadUrl);

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public AddPasskeyCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "add", "Issue a passkey. It is shown this once; only a digest of it is kept.", mayCreate: true,
            "ourtorrent tracker passkey add alice --url https://tracker.example --database tracker.db")
    {
        Arguments.Add(_name);
        Options.Add(_urls);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, AccessDatabase database, CancellationToken cancellationToken)
    {
        string name = parsed.GetRequiredValue(_name).Trim();
        if (name.Length == 0)
            throw new CommandException(ExitCode.WrongUsage, "a name is needed.");

        string passkey = database.AddPasskey(name)
            ?? throw new CommandException(ExitCode.Failed, $"{name} has a passkey already; revoke it first to issue another.");
        string[] urls = [.. (parsed.GetValue(_urls) ?? []).Select(url => $"{url}/{passkey}/announce")];
        if (run.Json)
        {
            run.PrintJson(new IssuedPasskey(name, passkey, urls), TrackingJson.Readable.IssuedPasskey);
            return Task.FromResult(ExitCode.Done);
        }

        run.Say($"this is the passkey of {name}; it cannot be shown again.");
        if (urls.Length == 0)
        {
            run.Screen.PrintLine(passkey);
            run.Say($"announce URLs end with /{passkey}/announce; give --url to see them whole.");
        }

        foreach (string url in urls)
            run.Screen.PrintLine(url);
        return Task.FromResult(ExitCode.Done);
    }

    private static string? ReadUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0 || url.Scheme is not ("udp" or "http" or "https"))
            return null;
        string trimmed = text.TrimEnd('/');
        return trimmed.EndsWith("/announce", StringComparison.Ordinal) ? trimmed[..^"/announce".Length] : trimmed;
    }
}
