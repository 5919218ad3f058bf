using Microsoft.Extensions.Logging;

namespace OurTorrent.Tests.Hostile;

/// <summary>Keeps what is logged, and lets tests wait for it.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Line)> _lines = [];
    private readonly List<(string Part, TaskCompletionSource<string> Seen)> _awaited = [];

    /// <summary>What went wrong inside the engine: there must be none.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_gate)
                return [.. _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Line)];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is only this one.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = $"{formatter(state, exception)} {exception}".TrimEnd();
        lock (_gate)
        {
            _lines.Add((logLevel, line));
            foreach ((string part, TaskCompletionSource<string> seen) in _awaited)
            {
                if (line.Contains(part, StringComparison.Ordinal))
                    seen.TrySetResult(line);
            }
        }
    }

    /// <summary>The lines that hold a text, so far.</summary>
    public IReadOnlyList<string> With(string part)
    {
        lock (_gate)
            return [.. _lines.Select(line => line.Line).Where(line => line.Contains(part, StringComparison.Ordinal))];
    }

    /// <summary>Ends when a line that holds a text has been written.</summary>
    public Task<string> WaitAsync(string part)
    {
        lock (_gate)
        {
            foreach ((_, string line) in _lines)
            {
                if (line.Contains(part, StringComparison.Ordinal))
                    return Task.FromResult(line);
            }

            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((part, seen));
            return seen.Task.WaitAsync(Rig.Limit, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
