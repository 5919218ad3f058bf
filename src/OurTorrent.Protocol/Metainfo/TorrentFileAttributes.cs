namespace OurTorrent.Protocol.Metainfo;

/// <summary>What a torrent says about a file beyond its name and length (BEP 47).</summary>
[Flags]
public enum TorrentFileAttributes
{
    /// <summary>An ordinary file.</summary>
    None = 0,

    /// <summary>Zeros that move the next file to a piece boundary; neither written nor shown.</summary>
    Padding = 1,

    /// <summary>The file may be executed.</summary>
    Executable = 2,

    /// <summary>The file is hidden.</summary>
    Hidden = 4,

    /// <summary>A symbolic link to another file of the torrent; it holds no content.</summary>
    Symlink = 8,
}
