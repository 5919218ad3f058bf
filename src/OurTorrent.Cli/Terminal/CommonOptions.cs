using System.CommandLine;

namespace OurTorrent.Cli.Terminal;

/// <summary>The options every command has.</summary>
internal sealed class CommonOptions
{
    /// <summary>Whether the answer is JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON instead of text.", Recursive = true };

    /// <summary>Whether to tell what goes on.</summary>
    public Option<bool> Verbose { get; } =
        new("--verbose", "-v") { Description = "Say on standard error what goes on.", Recursive = true };

    /// <summary>Where to keep a log.</summary>
    public Option<string?> Log { get; } = new("--log")
    {
        Description = "Append what goes on to a file, one JSON object a line.",
        HelpName = "FILE",
        Recursive = true,
    };
}
