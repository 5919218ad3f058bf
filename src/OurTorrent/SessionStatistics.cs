namespace OurTorrent;

/// <summary>Sums over all torrents of a session at one moment.</summary>
public sealed record SessionStatistics
{
    /// <summary>Content received a second, in bytes.</summary>
    public long DownloadRate { get; init; }

    /// <summary>Content sent a second, in bytes.</summary>
    public long UploadRate { get; init; }

    /// <summary>Content received in this session, in bytes.</summary>
    public long BytesDownloaded { get; init; }

    /// <summary>Content sent in this session, in bytes.</summary>
    public long BytesUploaded { get; init; }

    /// <summary>Peer connections that have shaken hands.</summary>
    public int PeersConnected { get; init; }

    /// <summary>Outgoing connections that are being made.</summary>
    public int HalfOpen { get; init; }

    /// <summary>Memory in use for blocks between sockets and disk, in bytes.</summary>
    public long BufferedBytes { get; init; }
}
