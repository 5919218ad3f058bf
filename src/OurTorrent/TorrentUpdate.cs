namespace OurTorrent;

/// <summary>A torrent that may have changed, and what is known of it now.</summary>
/// <param name="Torrent">The torrent.</param>
/// <param name="Status">What it is doing, and how far it is.</param>
public readonly record struct TorrentUpdate(Torrent Torrent, TorrentStatus Status);
