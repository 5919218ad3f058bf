using System.CommandLine;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Cli.Tracking;

/// <summary><c>ourtorrent tracker passkey revoke</c>.</summary>
internal sealed class RevokePasskeyCommand : AccessCommand
{
    private readonly Argument<string[]> _names = new("NAME") { Description = "Whose passkey to take back.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    public RevokePasskeyCommand(CommandEnvironment environment, CommonOptions common)
        : base(
            environment, common, "revoke", "Take passkeys back; a running tracker refuses them within seconds.", mayCreate: false,
            "ourtorrent tracker passkey revoke alice --database tracker.db")
    {
        Arguments.Add(_names);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, AccessDatabase database, CancellationToken cancellationToken)
    {
        ExitCode exitCode = ExitCode.Done;
        foreach (string name in parsed.GetValue(_names) ?? [])
        {
            if (database.RevokePasskey(name))
            {
                run.Say($"revoked the passkey of {name}.");
                continue;
            }

            run.Say($"{name} has no passkey.");
            exitCode = ExitCode.Failed;
        }

        return Task.FromResult(exitCode);
    }
}
