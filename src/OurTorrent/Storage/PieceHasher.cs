using System.Security.Cryptography;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>
/// Hashes one piece at a time: SHA-1 over its bytes in order (BEP 3), and SHA-256 of each block for the hash tree, in any
/// order (BEP 52). The piece of a hybrid torrent must match in both, as BEP 52 demands: else what one half of the swarm
/// takes for good the other would not. A v2 hash that is not known yet is left out for a hybrid, and matches nothing in a
/// torrent that is only v2. Used by one thread at a time.
/// </summary>
internal sealed class PieceHasher : IDisposable
{
    private static readonly byte[] Zeros = new byte[4096];

    private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private TorrentMetainfo? _metainfo;
    private byte[] _leaves = [];
    private int _piece;
    private int _lengthV2;
    private bool _isFresh = true;

    /// <summary>Whether the piece has a v1 hash, and so <see cref="AppendV1"/> needs its bytes in order.</summary>
    public bool NeedsV1 { get; private set; }

    /// <summary>Whether the piece has a known v2 hash, and so <see cref="AddLeaf"/> needs its blocks.</summary>
    public bool NeedsV2 { get; private set; }

    /// <summary>Begins a piece; whatever was hashed before is forgotten.</summary>
    public void Begin(TorrentMetainfo metainfo, int piece)
    {
        _metainfo = metainfo;
        _piece = piece;
        NeedsV1 = metainfo.Version != TorrentVersion.V2;
        NeedsV2 = metainfo.Version != TorrentVersion.V1 && !metainfo.PieceHashV2(piece).IsEmpty;
        if (!_isFresh)
        {
            Span<byte> discarded = stackalloc byte[SHA1.HashSizeInBytes];
            _sha1.GetHashAndReset(discarded);
            _isFresh = true;
        }

        if (!NeedsV2)
            return;
        _lengthV2 = metainfo.PieceLengthV2(piece);
        int length = LeafCount * MerkleTree.HashLength;
        if (_leaves.Length < length)
            _leaves = new byte[length];
        else
            Array.Clear(_leaves, 0, length);
    }

    /// <summary>Hashes the next bytes of the piece for its v1 hash.</summary>
    public void AppendV1(ReadOnlySpan<byte> data)
    {
        if (!NeedsV1)
            return;
        _isFresh = false;
        _sha1.AppendData(data);
    }

    /// <summary>Hashes zeros, as which padding counts (BEP 47), for the v1 hash.</summary>
    public void AppendZerosV1(int count)
    {
        for (; count > 0; count -= Zeros.Length)
            AppendV1(Zeros.AsSpan(0, Math.Min(count, Zeros.Length)));
    }

    /// <summary>Hashes one block of the piece for its v2 hash.</summary>
    /// <param name="block">The index of the block in the piece.</param>
    /// <param name="data">The block, whole; padding behind the end of the file is left out here.</param>
    public void AddLeaf(int block, ReadOnlySpan<byte> data)
    {
        if (!NeedsV2 || block >= LeafCount)
            return;
        int length = Math.Min(data.Length, _lengthV2 - (block * MerkleTree.BlockLength));
        SHA256.HashData(data[..length], _leaves.AsSpan(block * MerkleTree.HashLength, MerkleTree.HashLength));
    }

    /// <summary>Whether what was hashed is the piece.</summary>
    public bool Matches()
    {
        if (!NeedsV1 && !NeedsV2)
            return false;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (NeedsV1)
        {
            _sha1.GetHashAndReset(hash);
            _isFresh = true;
            if (!hash[..InfoHash.Length].SequenceEqual(_metainfo!.PieceHashV1(_piece)))
                return false;
        }

        if (!NeedsV2)
            return true;
        MerkleTree.ComputeRoot(_leaves.AsSpan(0, LeafCount * MerkleTree.HashLength), 1, _metainfo!.PieceLeavesV2(_piece), hash);
        return hash.SequenceEqual(_metainfo.PieceHashV2(_piece));
    }

    /// <inheritdoc/>
    public void Dispose() => _sha1.Dispose();

    private int LeafCount => (_lengthV2 + MerkleTree.BlockLength - 1) / MerkleTree.BlockLength;
}
