using System.Buffers;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>Reads pieces from disk and compares them with their hashes; one thread's tools for it.</summary>
internal sealed class PieceChecker : IDisposable
{
    // Large enough that a disk reads in one go, small enough to be hashed while it is in the processor's cache.
    private const int ChunkSize = 16 * BlockRequest.BlockSize;

    // How much a thread reads in one go before it looks up.
    private const int BatchSize = 8 * 1024 * 1024;

    private readonly PieceHasher _hasher = new();

    /// <summary>How many consecutive pieces to look at in one go, so that several threads each read in long stretches.</summary>
    public static int PiecesPerBatch(TorrentMetainfo metainfo) => Math.Max(1, BatchSize / metainfo.PieceLength);

    /// <summary>Looks at one piece.</summary>
    /// <param name="metainfo">What it should be.</param>
    /// <param name="files">Where it is.</param>
    /// <param name="lengths">What is known of the files' lengths.</param>
    /// <param name="piece">The index of the piece.</param>
    /// <exception cref="IOException">A file that is there cannot be read.</exception>
    public PieceCondition Check(TorrentMetainfo metainfo, ContentFiles files, FileLengths lengths, int piece)
    {
        int length = metainfo.PieceLengthOf(piece);
        foreach (StorageSpan span in files.Map.SpansOf(piece, 0, length))
        {
            if (!span.IsGap && lengths.Of(span.File) < span.FileOffset + span.Length)
                return PieceCondition.Missing;
        }

        // Shared, since thousands of small torrents may be looked at one after the other.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            return Hash(metainfo, files, piece, length, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hasher.Dispose();

    private PieceCondition Hash(TorrentMetainfo metainfo, ContentFiles files, int piece, int length, byte[] buffer)
    {
        _hasher.Begin(metainfo, piece);
        for (int offset = 0; offset < length; offset += ChunkSize)
        {
            Span<byte> chunk = buffer.AsSpan(0, Math.Min(ChunkSize, length - offset));
            if (!files.TryRead(piece, offset, chunk))
                return PieceCondition.Missing;

            _hasher.AppendV1(chunk);
            if (!_hasher.NeedsV2)
                continue;
            for (int start = 0; start < chunk.Length; start += BlockRequest.BlockSize)
            {
                int blockLength = Math.Min(BlockRequest.BlockSize, chunk.Length - start);
                _hasher.AddLeaf((offset + start) / BlockRequest.BlockSize, chunk.Slice(start, blockLength));
            }
        }

        return _hasher.Matches() ? PieceCondition.Good : PieceCondition.Corrupt;
    }
}
