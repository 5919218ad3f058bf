using System.Security.Cryptography;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>Hashes content the plain way, by the words of BEP 3 and BEP 52, to compare with.</summary>
internal static class ContentHashes
{
    public static byte[] Pieces(byte[] content, int pieceLength) =>
        [.. content.Chunk(pieceLength).SelectMany(piece => SHA1.HashData(piece))];

    /// <summary>The root of a file's tree: blocks of 16 KiB, and leaves of zeros up to the next power of two.</summary>
    public static byte[] PiecesRoot(byte[] content) => Root(Leaves(content, Width(content.Length, 16384)));

    /// <summary>The hashes of a file's pieces.</summary>
    public static byte[] Layer(byte[] content, int pieceLength) =>
        [.. content.Chunk(pieceLength).SelectMany(piece => Root(Leaves(piece, pieceLength / 16384)))];

    /// <summary>Every file's v2 hashes.</summary>
    public static MetainfoFile WithHashes(MetainfoFile file, byte[] content, int pieceLength) => file with
    {
        PiecesRoot = content.Length == 0 ? default(ReadOnlyMemory<byte>) : PiecesRoot(content),
        PieceLayer = content.Length <= pieceLength ? default(ReadOnlyMemory<byte>) : Layer(content, pieceLength),
    };

    private static int Width(int length, int unit)
    {
        int width = 1;
        while (width * unit < length)
            width *= 2;
        return width;
    }

    private static byte[][] Leaves(byte[] content, int width)
    {
        byte[][] leaves = [.. content.Chunk(16384).Select(block => SHA256.HashData(block))];
        return [.. leaves, .. Enumerable.Repeat(new byte[32], width - leaves.Length)];
    }

    private static byte[] Root(byte[][] hashes) => hashes.Length == 1
        ? hashes[0]
        : SHA256.HashData([.. Root(hashes[..(hashes.Length / 2)]), .. Root(hashes[(hashes.Length / 2)..])]);
}
