namespace OurTorrent.Protocol.Metainfo;

/// <summary>The part of a torrent that its info-hash covers, read and checked (BEP 3, BEP 52).</summary>
internal sealed record InfoDictionary
{
    public required ReadOnlyMemory<byte> Raw { get; init; }

    public required InfoHashes InfoHashes { get; init; }

    public required TorrentVersion Version { get; init; }

    public required string Name { get; init; }

    public required int PieceLength { get; init; }

    public required int PieceCount { get; init; }

    public required IReadOnlyList<TorrentFile> Files { get; init; }

    public required bool IsSingleFile { get; init; }

    /// <summary>The v1 piece hashes, end to end; empty for v2.</summary>
    public required ReadOnlyMemory<byte> Pieces { get; init; }

    public required bool IsPrivate { get; init; }

    public required string? Source { get; init; }
}
