namespace OurTorrent.Tracker.Access;

/// <summary>What the database says of a torrent.</summary>
/// <param name="InfoHash">The torrent.</param>
/// <param name="IsAllowed">Whether it is allowed; if not, it is denied.</param>
/// <param name="Comment">What the operator has noted with it; may be empty.</param>
/// <param name="Changed">When that was decided.</param>
public sealed record TorrentAccess(InfoHash InfoHash, bool IsAllowed, string Comment, DateTimeOffset Changed);
