namespace OurTorrent;

/// <summary>What a <see cref="Torrent"/> is doing.</summary>
public enum TorrentState
{
    /// <summary>It does nothing: no peers, no trackers.</summary>
    Stopped,

    /// <summary>The content on disk is being looked at.</summary>
    Checking,

    /// <summary>Wanted content is missing and is being fetched.</summary>
    Downloading,

    /// <summary>All wanted content is there and is offered to others.</summary>
    Seeding,

    /// <summary>It has stopped on an error, which <see cref="TorrentStatus.Error"/> tells.</summary>
    Failed,
}
