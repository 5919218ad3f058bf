using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using OurTorrent.Cli.Create;
using OurTorrent.Cli.Demo;
using OurTorrent.Cli.Sharing;
using OurTorrent.Cli.Show;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Trackers;
using OurTorrent.Cli.Tracking;
using OurTorrent.Cli.Transfer;
using OurTorrent.Cli.Verify;

namespace OurTorrent.Cli;

/// <summary>The <c>ourtorrent</c> command: finds out what is asked for, runs it, and turns what went wrong into one line.</summary>
internal static class OurTorrentCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The command line, without the name of the program.</param>
    /// <param name="environment">What the command sees of the process.</param>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    /// <returns>What the shell is told.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var common = new CommonOptions();
        RootCommand root = CreateRoot(environment, common);
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Errors.Count > 0)
                return ExplainUsage(parsed, environment);

            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = environment.Out,
                    Error = environment.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (CommandException e)
        {
            return Explain(environment, e.Message, e.InnerException, parsed.GetValue(common.Verbose), e.ExitCode);
        }
#pragma warning disable CA1031 // The edge of the program: whatever was not foreseen becomes one line, and the trace is there for those who ask.
        catch (Exception e)
#pragma warning restore CA1031
        {
            bool verbose = parsed.GetValue(common.Verbose);
            string advice = verbose ? "" : " (run with --verbose for details)";
            return Explain(environment, $"unexpected error: {e.Message}{advice}", e, verbose, ExitCode.Failed);
        }
    }

    private static RootCommand CreateRoot(CommandEnvironment environment, CommonOptions common)
    {
        var root = new RootCommand("Shares files peer to peer over the BitTorrent protocol.");
        root.Options.Add(common.Json);
        root.Options.Add(common.Verbose);
        root.Options.Add(common.Log);
        root.Subcommands.Add(new ShowCommand(environment, common));
        root.Subcommands.Add(new CreateCommand(environment, common));
        root.Subcommands.Add(new VerifyCommand(environment, common));
        root.Subcommands.Add(new GetCommand(environment, common));
        root.Subcommands.Add(new SeedCommand(environment, common));
        root.Subcommands.Add(new ShareCommand(environment, common));
        root.Subcommands.Add(new RunTrackerCommand(environment, common));
        root.Subcommands.Add(new AnnounceCommand(environment, common));
        root.Subcommands.Add(new ScrapeCommand(environment, common));
        root.Subcommands.Add(new DemoCommand(environment, common));

        int width = environment.OutIsTerminal ? environment.TerminalSize().Width : 120;
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
                option.Action = new ExampleHelp(help, width);
        }

        return root;
    }

    private static int ExplainUsage(ParseResult parsed, CommandEnvironment environment)
    {
        IEnumerable<string> messages = parsed.Errors.Select(static error => error.Message).Distinct(StringComparer.Ordinal);
        if (parsed.CommandResult.Command is RootCommand)
            messages = [parsed.UnmatchedTokens.Count == 0 ? "say which command to run." : $"there is no command '{parsed.UnmatchedTokens[0]}'."];
        foreach (string message in messages)
            environment.Error.WriteLine("ourtorrent: " + Printable.Of(message));

        string command = "";
        for (CommandResult? at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
            command = $" {at.Command.Name}{command}";
        environment.Error.WriteLine($"Try 'ourtorrent{command} --help'.");
        return (int)ExitCode.WrongUsage;
    }

    private static int Explain(CommandEnvironment environment, string message, Exception? cause, bool verbose, ExitCode exitCode)
    {
        environment.Error.WriteLine("ourtorrent: " + Printable.Of(message));
        if (verbose && cause is not null)
            environment.Error.WriteLine(cause);
        return (int)exitCode;
    }
}
