namespace OurTorrent.Protocol.Metainfo;

/// <summary>A file to be described by a new torrent.</summary>
/// <param name="Path">The names of the directories below the torrent's own and of the file; empty for the only file of a single-file torrent, which has the torrent's name.</param>
/// <param name="Length">The length in bytes; 0 for a symbolic link.</param>
public sealed record MetainfoFile(IReadOnlyList<string> Path, long Length)
{
    /// <summary>What else there is to say about the file (BEP 47).</summary>
    public TorrentFileAttributes Attributes { get; init; }

    /// <summary>For a symbolic link, the names of its target below the torrent's directory.</summary>
    public IReadOnlyList<string> SymlinkTarget { get; init; } = [];

    /// <summary>For v2 and hybrid, the 32-byte root of the file's hash tree (BEP 52); empty for an empty file.</summary>
    public ReadOnlyMemory<byte> PiecesRoot { get; init; }

    /// <summary>For v2 and hybrid, the hashes of the pieces end to end, where the file is longer than one piece (BEP 52).</summary>
    public ReadOnlyMemory<byte> PieceLayer { get; init; }

    internal bool IsPadding => Attributes.HasFlag(TorrentFileAttributes.Padding);
}
