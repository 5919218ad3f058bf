using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker;

/// <summary>What the tracker as a whole writes to the log: 100 to 109.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "The tracker is running: {Torrents} torrents, {Peers} peers.")]
    public static partial void Started(ILogger logger, long torrents, long peers);

    [LoggerMessage(101, LogLevel.Information, "The tracker has stopped after {Requests} requests.")]
    public static partial void Stopped(ILogger logger, long requests);

    [LoggerMessage(102, LogLevel.Information, "Taking {Transport} requests at {EndPoint}.")]
    public static partial void Listening(ILogger logger, string transport, string endPoint);

    [LoggerMessage(103, LogLevel.Error, "A handler of the tracker's events failed; the tracker goes on.")]
    public static partial void HandlerFailed(ILogger logger, Exception error);

    [LoggerMessage(104, LogLevel.Warning, "The load is {Rate:F0} requests a second: clients are told to wait {Seconds} s now.")]
    public static partial void IntervalStretched(ILogger logger, double rate, int seconds);

    [LoggerMessage(105, LogLevel.Information, "The load is {Rate:F0} requests a second: clients are told the usual interval of {Seconds} s again.")]
    public static partial void IntervalBack(ILogger logger, double rate, int seconds);

    [LoggerMessage(106, LogLevel.Error, "What happened last could not be written out at the end.")]
    public static partial void NotFlushed(ILogger logger, Exception error);
}
