using System.CommandLine;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Tracking;

/// <summary>A command that reads or changes who may use a tracker, in its database; a running tracker takes note within seconds.</summary>
internal abstract class AccessCommand : CliCommand
{
    private const string Variable = TrackerSetting.VariablePrefix + "DATABASE";

    private readonly Option<string?> _database = new("--database")
    {
        Description = $"The tracker's database. [default: the variable {Variable}]",
        HelpName = "FILE",
    };

    private readonly bool _mayCreate;

    /// <summary>Describes the command.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="common">The options every command has.</param>
    /// <param name="name">The word it is called by.</param>
    /// <param name="description">What it does.</param>
    /// <param name="mayCreate">Whether the database may be made where there is none.</param>
    /// <param name="examples">Command lines to copy.</param>
    protected AccessCommand(
        CommandEnvironment environment, CommonOptions common, string name, string description, bool mayCreate, params IReadOnlyList<string> examples)
        : base(environment, common, name, description, examples)
    {
        _mayCreate = mayCreate;
        Options.Add(_database);
    }

    /// <inheritdoc/>
    protected sealed override async Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, CancellationToken cancellationToken)
    {
        string name = parsed.GetValue(_database) ?? run.Environment.Variables.GetValueOrDefault(Variable) ?? "";
        if (name.Length == 0)
            throw new CommandException(ExitCode.WrongUsage, "say which database: --database FILE.");

        string path = run.Environment.Resolve(name);
        if (!_mayCreate && !File.Exists(path))
            throw new CommandException(ExitCode.CannotRead, $"cannot read {name}: no such file.");

        try
        {
            using AccessDatabase database = AccessDatabase.Open(path, run.Environment.Time);
            return await RunAsync(parsed, run, database, cancellationToken);
        }
        catch (SwarmStoreException e)
        {
            throw new CommandException(ExitCode.CannotRead, e.Message, e);
        }
    }

    /// <summary>Does what the command is for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The environment and how to speak.</param>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    protected abstract Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, AccessDatabase database, CancellationToken cancellationToken);
}
