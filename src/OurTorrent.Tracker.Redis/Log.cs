using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Redis;

internal static partial class Log
{
    [LoggerMessage(EventId = 500, Level = LogLevel.Error, Message = "What happens is not shared: {Reason} The tracker goes on from memory and will catch up.")]
    public static partial void Failing(ILogger logger, string reason);

    [LoggerMessage(EventId = 501, Level = LogLevel.Warning, Message = "What happens is shared again, and what has happened meanwhile as well.")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(EventId = 502, Level = LogLevel.Warning, Message = "The state in Redis was not what it had been; it has been filled up from memory.")]
    public static partial void Refilled(ILogger logger);
}
