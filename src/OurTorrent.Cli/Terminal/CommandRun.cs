using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using OurTorrent.Cli.Logging;

namespace OurTorrent.Cli.Terminal;

/// <summary>One run of a command: the environment, the options every command has, and how it speaks.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly LogWriter _log;
    private readonly bool _isVerbose;

    /// <summary>Begins a run.</summary>
    /// <param name="environment">What it sees of the process.</param>
    /// <param name="json">Whether the answer is JSON.</param>
    /// <param name="verbose">Whether to say what goes on.</param>
    /// <param name="logFile">The file to log to, or null.</param>
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public CommandRun(CommandEnvironment environment, bool json, bool verbose, string? logFile)
    {
        Environment = environment;
        Json = json;
        _isVerbose = verbose;
        Screen = new Screen(environment);
        _log = LogWriter.Open(environment, verbose ? Chat : null, logFile);
    }

    /// <summary>What it sees of the process.</summary>
    public CommandEnvironment Environment { get; }

    /// <summary>Whether the answer is JSON.</summary>
    public bool Json { get; }

    /// <summary>Where the engine logs to.</summary>
    public ILoggerFactory Loggers => _log;

    /// <summary>Logs what is of interest to an operator, and what each single request did only where <c>--verbose</c> asks for it.</summary>
    public void LogForOperator()
    {
        if (!_isVerbose)
            _log.Least = LogLevel.Information;
    }

    /// <summary>Where text goes.</summary>
    public Screen Screen { get; }

    /// <summary>Prints one JSON document on one line of standard output.</summary>
    /// <param name="value">What to print.</param>
    /// <param name="type">How it becomes JSON.</param>
    public void PrintJson<T>(T value, JsonTypeInfo<T> type)
    {
        Environment.Out.WriteLine(JsonSerializer.Serialize(value, type));
        Environment.Out.Flush();
    }

    /// <summary>Says something on standard error that is not the data asked for.</summary>
    /// <param name="text">One line.</param>
    public void Say(string text) => Chat("ourtorrent: " + text);

    /// <summary>Writes a line to standard error, or above what is being drawn where that is the same terminal.</summary>
    /// <param name="line">The line.</param>
    public void Chat(string line)
    {
        if (Screen.IsDrawing && Environment.ErrorIsTerminal)
            Screen.PrintLine(line);
        else
            Environment.Error.WriteLine(Printable.Of(line));
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();
}
