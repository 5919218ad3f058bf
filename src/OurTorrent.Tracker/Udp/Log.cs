using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Udp;

/// <summary>What the UDP front writes to the log: 110 to 119.</summary>
internal static partial class Log
{
    [LoggerMessage(110, LogLevel.Error, "Taking or answering UDP requests at {EndPoint} has failed {Times} times; it goes on.")]
    public static partial void WorkerFailed(ILogger logger, IPEndPoint endPoint, int times, Exception error);

    [LoggerMessage(111, LogLevel.Debug, "The kernel does not steer requests at {EndPoint} by their swarm; it goes by addresses.")]
    public static partial void NotSteered(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(112, LogLevel.Information,
        "The system holds {Granted} bytes of requests for UDP at {EndPoint}, not {Asked}. On Linux raise net.core.rmem_max.")]
    public static partial void SmallBuffer(ILogger logger, IPEndPoint endPoint, int granted, int asked);

    [LoggerMessage(113, LogLevel.Information, "Taking UDP requests at {EndPoint} with {Workers} workers.")]
    public static partial void Listening(ILogger logger, IPEndPoint endPoint, int workers);
}
