using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.Storage;

namespace OurTorrent.Fuzz.Peers;

/// <summary>A torrent that scripts are about, with its content.</summary>
internal sealed class FuzzTorrent
{
    private readonly byte[][] _pieces;

    public FuzzTorrent(TorrentVersion version, int pieceLength, params int[] lengths)
    {
        var content = TestContent.Create(version, pieceLength, lengths);
        Metainfo = content.Metainfo;
        Files = content.Files;
        _pieces = [.. Enumerable.Range(0, Metainfo.PieceCount).Select(content.PieceOf)];
    }

    public TorrentMetainfo Metainfo { get; }

    /// <summary>The files as they should be.</summary>
    public IReadOnlyList<byte[]> Files { get; }

    /// <summary>The right content of a block within the torrent.</summary>
    public ReadOnlySpan<byte> BlockOf(BlockRequest request) => _pieces[request.Piece].AsSpan(request.Offset, request.Length);
}
