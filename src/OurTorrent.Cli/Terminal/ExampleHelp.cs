using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OurTorrent.Cli.Terminal;

/// <summary>The help of a command, followed by its examples.</summary>
/// <param name="help">The help without examples.</param>
/// <param name="width">How many columns to use.</param>
internal sealed class ExampleHelp(HelpAction help, int width) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = width;
        int exitCode = help.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
        {
            CliCommand command => command.Examples,
            RootCommand => ["ourtorrent create album", "ourtorrent seed album.torrent", "ourtorrent get album.torrent -d elsewhere"],
            Command group => [.. group.Subcommands.OfType<CliCommand>().SelectMany(static command => command.Examples)],
        };
        TextWriter writer = parseResult.InvocationConfiguration.Output;
        writer.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in examples)
            writer.WriteLine("  " + example);
        return exitCode;
    }
}
