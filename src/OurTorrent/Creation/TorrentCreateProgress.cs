namespace OurTorrent.Creation;

/// <summary>How far the making of a torrent is.</summary>
/// <param name="BytesHashed">How many bytes of the content have been read and hashed.</param>
/// <param name="TotalBytes">How many there are.</param>
public readonly record struct TorrentCreateProgress(long BytesHashed, long TotalBytes);
