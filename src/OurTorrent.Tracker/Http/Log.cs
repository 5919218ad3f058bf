using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Http;

/// <summary>What the HTTP front writes to the log: 120 to 129.</summary>
internal static partial class Log
{
    [LoggerMessage(120, LogLevel.Debug, "{Client} was refused: {Answer}")]
    public static partial void Refused(ILogger logger, string client, string answer);
}
