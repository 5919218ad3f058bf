using Microsoft.Extensions.Logging;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Logging;

/// <summary>Where the engine's log goes: a file for <c>--log</c>, standard error for <c>--verbose</c>, both, or nowhere.</summary>
internal sealed class LogWriter : ILoggerFactory
{
    private readonly Lock _writing = new();
    private readonly TimeProvider _time;
    private readonly Action<string>? _chatter;
    private readonly TextWriter? _file;

    private LogWriter(TimeProvider time, Action<string>? chatter, TextWriter? file)
    {
        _time = time;
        _chatter = chatter;
        _file = file;
    }

    /// <summary>Opens the log.</summary>
    /// <param name="environment">Gives the clock, and relative paths their beginning.</param>
    /// <param name="chatter">Takes a line for standard error, or null to write none.</param>
    /// <param name="path">The file to append to, or null for none.</param>
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static LogWriter Open(CommandEnvironment environment, Action<string>? chatter, string? path)
    {
        TextWriter? file = null;
        if (path is not null)
        {
            try
            {
                file = new StreamWriter(environment.Resolve(path), append: true) { AutoFlush = true };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new CommandException(ExitCode.CannotWrite, $"cannot write {path}: {FileErrors.Explain(e)}.", e);
            }
        }

        return new LogWriter(environment.Time, chatter, file);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("The command line logs to its own two places only.");

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>What matters less than this is not written.</summary>
    public LogLevel Least { get; set; } = LogLevel.Debug;

    /// <summary>Whether anything is written for a level.</summary>
    public bool IsEnabled(LogLevel level) => level != LogLevel.None && level >= Least && (_chatter is not null || _file is not null);

    /// <summary>Writes one entry.</summary>
    public void Write(LogEntry entry)
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_writing)
        {
            _chatter?.Invoke(entry.ToText());
            _file?.WriteLine(entry.ToJson(now));
        }
    }

    private sealed class CategoryLogger(LogWriter writer, string category) : ILogger
    {
        // The web server tells of each connection; only what is wrong is of interest.
        private readonly LogLevel _least = category.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Debug;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && writer.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                writer.Write(new LogEntry(
                    logLevel, category, eventId, formatter(state, exception), exception, state as IReadOnlyList<KeyValuePair<string, object?>>));
            }
        }
    }
}
