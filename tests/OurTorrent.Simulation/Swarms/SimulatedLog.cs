using System.Net;
using Microsoft.Extensions.Logging;

namespace OurTorrent.Simulation.Swarms;

/// <summary>What a peer logs from warnings up, and whom it says it has banned.</summary>
internal sealed class SimulatedLog(VirtualTime time) : ILoggerFactory, ILogger
{
    private const int PeerBanned = 13;

    /// <summary>Lines, each with its time.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The banned, in the order they were found out.</summary>
    public List<IPAddress> Bans { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Add($"{time.Now} {logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
        if (eventId.Id != PeerBanned || state is not IReadOnlyList<KeyValuePair<string, object?>> values)
            return;
        foreach (KeyValuePair<string, object?> value in values)
        {
            if (value.Value is IPAddress address)
                Bans.Add(address);
        }
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Looked at afterwards.
    }
}
