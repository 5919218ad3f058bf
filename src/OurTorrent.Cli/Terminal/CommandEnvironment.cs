namespace OurTorrent.Cli.Terminal;

/// <summary>What a command sees of the process it runs in, so that a test can be that process.</summary>
internal sealed record CommandEnvironment
{
    /// <summary>Where data goes.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where chatter and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Opens standard output for bytes rather than text.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Whether a person looks at <see cref="Out"/>, on a terminal that understands escape codes.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person looks at <see cref="Error"/>, on a terminal that understands escape codes.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colours may be used on a terminal.</summary>
    public bool UseColor { get; init; }

    /// <summary>Whether the terminal can show more than ASCII.</summary>
    public bool UseUnicode { get; init; } = true;

    /// <summary>The size of the terminal in columns and lines, asked for anew each time it is drawn on.</summary>
    public Func<(int Width, int Height)> TerminalSize { get; init; } = static () => (80, 24);

    /// <summary>The folder that relative paths start from.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>Where the state of torrents is kept, or null for the usual place of the platform.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>The variables of the environment, by name.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the command was stopped by the system (SIGTERM) rather than by a person.</summary>
    public Func<bool> IsTerminated { get; init; } = static () => false;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The environment of this process.</summary>
    public static CommandEnvironment OfProcess()
    {
        bool smart = !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        return new CommandEnvironment
        {
            Out = Console.Out,
            Error = Console.Error,
            OpenInput = Console.OpenStandardInput,
            OpenOutput = Console.OpenStandardOutput,
            OutIsTerminal = smart && !Console.IsOutputRedirected,
            ErrorIsTerminal = smart && !Console.IsErrorRedirected,
            UseColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            UseUnicode = Console.Out.Encoding.CodePage is 65001 or 1200 or 1201 or 12000 or 12001,
            TerminalSize = GetTerminalSize,
            CurrentDirectory = Environment.CurrentDirectory,
            Variables = GetVariables(),
        };
    }

    /// <summary>Makes a path given by the user absolute.</summary>
    /// <param name="path">The path as typed.</param>
    public string Resolve(string path) => Path.GetFullPath(path, CurrentDirectory);

    private static Dictionary<string, string> GetVariables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }

    private static (int Width, int Height) GetTerminalSize()
    {
        try
        {
            return (Math.Max(20, Console.WindowWidth), Math.Max(5, Console.WindowHeight));
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }
}
