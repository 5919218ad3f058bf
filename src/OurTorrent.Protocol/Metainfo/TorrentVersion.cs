namespace OurTorrent.Protocol.Metainfo;

/// <summary>Which metainfo formats describe a torrent.</summary>
public enum TorrentVersion
{
    /// <summary>The first format: one list of SHA-1 piece hashes over the files laid end to end (BEP 3).</summary>
    V1,

    /// <summary>The second format: a SHA-256 hash tree for each file, each file on a piece boundary (BEP 52).</summary>
    V2,

    /// <summary>Both formats describing the same content (BEP 52, upgrade path).</summary>
    Hybrid,
}
