using System.CommandLine;

namespace OurTorrent.Cli.Terminal;

/// <summary>A command with examples in its help, run with its environment at hand.</summary>
internal abstract class CliCommand : Command
{
    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    /// <param name="name">The word it is called by.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Command lines to copy, shown at the end of its help.</param>
    protected CliCommand(
        CommandEnvironment environment, CommonOptions common, string name, string description, params IReadOnlyList<string> examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(async (parsed, cancellationToken) =>
        {
            using var run = new CommandRun(
                environment, parsed.GetValue(common.Json), parsed.GetValue(common.Verbose), parsed.GetValue(common.Log));
            return (int)await RunAsync(parsed, run, cancellationToken);
        });
    }

    /// <summary>Command lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does what the command is for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The environment and how to speak.</param>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    protected abstract Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken);
}
