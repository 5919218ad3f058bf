using System.Security.Cryptography;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>What one thread needs to hash pieces: a buffer small enough to stay in the processor's cache, and the hashes' states.</summary>
internal sealed class PieceHashWorker(ContentLayout layout, PieceHashes hashes) : IDisposable
{
    private const int BufferLength = 16 * MerkleTree.BlockLength;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(BufferLength, layout.Length));
    private readonly byte[] _leaves =
        new byte[hashes.V2.Length == 0 ? 0 : layout.PieceLength / MerkleTree.BlockLength * MerkleTree.HashLength];

    private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly ContentReader _reader = new(layout);

    /// <summary>Reads and hashes a piece.</summary>
    /// <param name="piece">Its index.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>How many bytes of files it holds.</returns>
    /// <exception cref="TorrentCreateException">A file cannot be read or was changed.</exception>
    public int Hash(int piece, CancellationToken cancellationToken)
    {
        bool isV1 = hashes.V1.Length > 0;
        bool isV2 = hashes.V2.Length > 0;
        long start = (long)piece * layout.PieceLength;
        int length = layout.LengthOf(piece);

        // With v2 every file begins with a piece, so that a piece is one file's content and then padding.
        ContentSpan file = layout.Spans[layout.IndexAt(start)];
        int content = isV2 ? (int)Math.Min(length, file.End - start) : length;
        for (int offset = 0; offset < (isV1 ? length : content); offset += _buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> part = _buffer.AsSpan(0, Math.Min(_buffer.Length, length - offset));
            _reader.Read(start + offset, part);
            if (isV1)
                _sha1.AppendData(part);

            if (isV2)
                HashLeaves(part[..Math.Clamp(content - offset, 0, part.Length)], offset / MerkleTree.BlockLength);
        }

        if (isV1)
            _sha1.GetHashAndReset(hashes.V1.AsSpan(piece * InfoHash.Length, InfoHash.Length));

        if (isV2)
            HashRoot(piece, content, file.Length);

        return content;
    }

    public void Dispose()
    {
        _sha1.Dispose();
        _reader.Dispose();
    }

    private void HashLeaves(ReadOnlySpan<byte> content, int leaf)
    {
        for (; content.Length > 0; leaf++)
        {
            int block = Math.Min(MerkleTree.BlockLength, content.Length);
            SHA256.HashData(content[..block], _leaves.AsSpan(leaf * MerkleTree.HashLength));
            content = content[block..];
        }
    }

    // A file not longer than a piece has a tree only as wide as itself; the pieces of a longer one are all of full width.
    private void HashRoot(int piece, int content, long fileLength)
    {
        int leaves = (content + MerkleTree.BlockLength - 1) / MerkleTree.BlockLength;
        MerkleTree.ComputeRoot(
            _leaves.AsSpan(0, leaves * MerkleTree.HashLength),
            layerLeaves: 1,
            MerkleTree.LeavesOver(Math.Min(fileLength, layout.PieceLength)),
            hashes.V2.AsSpan(piece * MerkleTree.HashLength, MerkleTree.HashLength));
    }
}
