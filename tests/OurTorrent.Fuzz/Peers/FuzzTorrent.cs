using OurTorrent.Protocol;
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

        // Behind a file of a v2 torrent is a gap up to the next piece, which may be asked for and reads as zeros (BEP 52).
        if (version == TorrentVersion.V2)
            _pieces = Array.ConvertAll(_pieces, piece => (byte[])[.. piece, .. new byte[pieceLength - piece.Length]]);
    }

    private FuzzTorrent(TorrentMetainfo metainfo)
    {
        Metainfo = metainfo;
        Files = [];
        _pieces = [];
    }

    public TorrentMetainfo Metainfo { get; }

    /// <summary>The files as they should be.</summary>
    public IReadOnlyList<byte[]> Files { get; }

    /// <summary>A torrent of so many pieces that nobody has.</summary>
    public static FuzzTorrent WithoutContent(int pieces) => new(new MetainfoBuilder
    {
        Name = "nothing",
        PieceLength = BlockRequest.BlockSize,
        Files = [new MetainfoFile([], (long)pieces * BlockRequest.BlockSize)],
        PieceHashes = new byte[pieces * InfoHash.Length],
    }.Build());

    /// <summary>Whether others may ask for a block.</summary>
    public bool Contains(BlockRequest request) =>
        (uint)request.Piece < (uint)_pieces.Length && request.Offset >= 0 && request.Offset + (long)request.Length <= _pieces[request.Piece].Length;

    /// <summary>The right content of a block that <see cref="Contains"/>.</summary>
    public ReadOnlySpan<byte> BlockOf(BlockRequest request) => _pieces[request.Piece].AsSpan(request.Offset, request.Length);
}
