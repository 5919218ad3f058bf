using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Sqlite;

internal static partial class Log
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Error, Message = "What happens is not kept: {Reason} The tracker goes on from memory and will catch up.")]
    public static partial void Failing(ILogger logger, string reason);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "The database '{Path}' takes what happens again; nothing is missing.")]
    public static partial void Recovered(ILogger logger, string path);
}
