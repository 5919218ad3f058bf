using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Access;

/// <summary>What the access control writes to the log: 140 to 149.</summary>
internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Information, "The list {Path} has changed and was read again.")]
    public static partial void ListRead(ILogger logger, string path);

    [LoggerMessage(141, LogLevel.Warning, "The list {Path} has changed and cannot be used; what was read before still holds. {Problem}")]
    public static partial void ListNotRead(ILogger logger, string path, string problem);

    [LoggerMessage(142, LogLevel.Information, "Who may use the tracker has changed: {Allowed} torrents allowed, {Denied} denied, {Blocked} networks blocked, {Passkeys} passkeys.")]
    public static partial void Changed(ILogger logger, string allowed, int denied, int blocked, string passkeys);

    [LoggerMessage(143, LogLevel.Warning, "What the database says of access cannot be read; what was read before still holds. {Problem}")]
    public static partial void DatabaseNotRead(ILogger logger, string problem);

    [LoggerMessage(144, LogLevel.Warning, "{Slowed} more sources are refused for their many new peers, {Ignored} more are ignored; among them {Networks}.")]
    public static partial void Offended(ILogger logger, long slowed, long ignored, string networks);
}
