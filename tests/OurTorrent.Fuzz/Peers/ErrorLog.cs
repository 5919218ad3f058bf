using Microsoft.Extensions.Logging;

namespace OurTorrent.Fuzz.Peers;

/// <summary>A log that keeps the first exception the engine could not place.</summary>
internal sealed class ErrorLog : ILoggerFactory, ILogger
{
    /// <summary>What has escaped a callback of the loop, if anything.</summary>
    public Exception? First { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        First ??= exception;

    public void Dispose()
    {
        // There is nothing to write to.
    }
}
