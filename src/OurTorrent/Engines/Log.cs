using System.Net;
using Microsoft.Extensions.Logging;

namespace OurTorrent.Engines;

/// <summary>What the engine writes to the log. Nothing at Information or above is written per peer or message.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A callback on the engine loop failed; the loop goes on.")]
    public static partial void CallbackFailed(ILogger logger, Exception error);

    [LoggerMessage(2, LogLevel.Error, "An event handler failed.")]
    public static partial void HandlerFailed(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Debug, "There is no IPv6 listener: {Reason}")]
    public static partial void NoIPv6Listener(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "Port {Port} is taken; trying the next.")]
    public static partial void PortTaken(ILogger logger, int port);

    [LoggerMessage(5, LogLevel.Information, "Listening on {EndPoint}.")]
    public static partial void Listening(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(10, LogLevel.Information, "{Name}: {State}.")]
    public static partial void StateChanged(ILogger logger, string name, TorrentState state);

    [LoggerMessage(11, LogLevel.Error, "{Name}: stopped: {Reason}")]
    public static partial void TorrentFailed(ILogger logger, string name, string reason);

    [LoggerMessage(12, LogLevel.Warning, "{Name}: piece {Piece} does not verify; it is fetched again.")]
    public static partial void PieceFailed(ILogger logger, string name, int piece);

    [LoggerMessage(13, LogLevel.Warning, "{Name}: peer {Address} sent a bad block and is banned.")]
    public static partial void PeerBanned(ILogger logger, string name, IPAddress address);

    [LoggerMessage(14, LogLevel.Warning, "{Name}: {Warning}")]
    public static partial void TorrentWarned(ILogger logger, string name, string warning);

    [LoggerMessage(16, LogLevel.Warning, "{Name}: the storage could not be closed.")]
    public static partial void StorageNotClosed(ILogger logger, string name, Exception error);

    [LoggerMessage(17, LogLevel.Warning, "{Name}: piece {Piece} could not be written and is fetched again: {Reason}")]
    public static partial void PieceNotWritten(ILogger logger, string name, int piece, string reason);

    [LoggerMessage(18, LogLevel.Information, "{Name}: {Pieces} of {PieceCount} pieces are here; {Hashed} bytes were hashed to know it.")]
    public static partial void ContentChecked(ILogger logger, string name, int pieces, int pieceCount, long hashed);

    [LoggerMessage(20, LogLevel.Debug, "{EndPoint}: connected.")]
    public static partial void PeerOpened(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(21, LogLevel.Debug, "{EndPoint}: closed: {Reason} {Detail}")]
    public static partial void PeerClosed(ILogger logger, IPEndPoint endPoint, string reason, string detail);
}
