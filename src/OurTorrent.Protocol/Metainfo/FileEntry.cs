namespace OurTorrent.Protocol.Metainfo;

/// <summary>A file as one of the two formats describes it, before it has a place in the torrent.</summary>
internal sealed record FileEntry
{
    /// <summary>The path under the torrent's own directory; null for padding, which needs none (BEP 47).</summary>
    public PathName? Path { get; init; }

    public required long Length { get; init; }

    public TorrentFileAttributes Attributes { get; init; }

    public PathName? SymlinkTarget { get; init; }

    public ReadOnlyMemory<byte> PiecesRoot { get; init; }

    /// <summary>Where the entry stands in the input.</summary>
    public required long InputOffset { get; init; }

    public bool IsPadding => Attributes.HasFlag(TorrentFileAttributes.Padding);
}
