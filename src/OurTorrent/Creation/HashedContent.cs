using System.Globalization;
using System.Numerics;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>Puts together the files of a torrent being made and the hashes of their pieces.</summary>
internal sealed class HashedContent(ContentLayout layout, PieceHashes hashes)
{
    /// <summary>The files, and the padding between them where the layout has some, as a torrent describes them.</summary>
    /// <param name="isSingleFile">Whether the torrent is one file without a folder, which then has no path of its own.</param>
    /// <param name="listsPadding">Whether padding is named: it is in the list of files of a hybrid torrent, and in no file tree.</param>
    public IReadOnlyList<MetainfoFile> Describe(bool isSingleFile, bool listsPadding)
    {
        List<MetainfoFile> files = new(layout.Spans.Count);
        foreach (ContentSpan span in layout.Spans)
        {
            if (span.File is not null)
                files.Add(Describe(span, isSingleFile ? [] : span.File.Path));
            else if (listsPadding)
                files.Add(Padding(span.Length));
        }

        return files;
    }

    private static MetainfoFile Padding(long length) =>
        new([".pad", length.ToString(CultureInfo.InvariantCulture)], length) { Attributes = TorrentFileAttributes.Padding };

    private MetainfoFile Describe(ContentSpan span, IReadOnlyList<string> path)
    {
        MetainfoFile file = new(path, span.Length);
        if (hashes.V2.Length == 0 || span.Length == 0)
            return file;

        ReadOnlyMemory<byte> layer = LayerOf(span);
        return span.Length <= layout.PieceLength
            ? file with { PiecesRoot = layer }
            : file with { PiecesRoot = RootOver(layer.Span), PieceLayer = layer };
    }

    // Every file begins with a piece of its own (BEP 52), so its pieces' hashes lie together.
    private ReadOnlyMemory<byte> LayerOf(ContentSpan span)
    {
        int first = (int)(span.Offset / layout.PieceLength);
        int count = (int)((span.Length + layout.PieceLength - 1) / layout.PieceLength);
        return hashes.V2.AsMemory(first * MerkleTree.HashLength, count * MerkleTree.HashLength);
    }

    private byte[] RootOver(ReadOnlySpan<byte> layer)
    {
        byte[] root = new byte[MerkleTree.HashLength];
        uint width = BitOperations.RoundUpToPowerOf2((uint)(layer.Length / MerkleTree.HashLength));
        MerkleTree.ComputeRoot(layer, layout.PieceLength / MerkleTree.BlockLength, width, root);
        return root;
    }
}
