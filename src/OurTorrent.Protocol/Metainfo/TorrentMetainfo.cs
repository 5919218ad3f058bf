using System.Net;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// A torrent as its .torrent file or its info dictionary describes it: what content, in which pieces, with which hashes,
/// and who may have it (BEP 3, BEP 12, BEP 19, BEP 27, BEP 47, BEP 52). Immutable, and valid as a whole: lengths, counts
/// and hash trees have been checked against each other.
/// </summary>
public sealed partial class TorrentMetainfo
{
    private readonly InfoDictionary _info;
    private readonly MetainfoSurroundings _surroundings;
    private readonly PieceLayers _layers;

    private TorrentMetainfo(InfoDictionary info, MetainfoSurroundings surroundings, PieceLayers layers)
    {
        _info = info;
        _surroundings = surroundings;
        _layers = layers;
        HasPieceLayers = info.Version != TorrentVersion.V1 && layers.Cover(info);
        foreach (TorrentFile file in info.Files)
            TotalSize += file.IsPadding ? 0 : file.Length;
    }

    /// <summary>The info-hashes: v1, v2, or both.</summary>
    public InfoHashes InfoHashes => _info.InfoHashes;

    /// <summary>Which formats describe the torrent.</summary>
    public TorrentVersion Version => _info.Version;

    /// <summary>The name, made safe for every file system; the info-hash in hexadecimal digits where the torrent gives none.</summary>
    public string Name => _info.Name;

    /// <summary>The bytes of the info dictionary as found, over which the info-hashes are taken (BEP 9 sends them).</summary>
    public ReadOnlyMemory<byte> RawInfo => _info.Raw;

    /// <summary>The length of every piece but the last in bytes; at most <see cref="MaxPieceLength"/>.</summary>
    public int PieceLength => _info.PieceLength;

    /// <summary>The number of pieces; 0 where all files are empty.</summary>
    public int PieceCount => _info.PieceCount;

    /// <summary>The length of the content in bytes, padding not counted.</summary>
    public long TotalSize { get; }

    /// <summary>All files in the order of the content, padding files among them.</summary>
    public IReadOnlyList<TorrentFile> Files => _info.Files;

    /// <summary>Whether the torrent is one file, saved under the download folder without a directory of its own.</summary>
    public bool IsSingleFile => _info.IsSingleFile;

    /// <summary>Whether peers may come from the trackers only (BEP 27).</summary>
    public bool IsPrivate => _info.IsPrivate;

    /// <summary>The announce URLs in tiers, no URL twice and no tier empty (BEP 12); URLs of any scheme are kept.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Trackers => _surroundings.Trackers;

    /// <summary>The URLs of web servers that hold the content as files (BEP 19, <c>url-list</c>).</summary>
    public IReadOnlyList<string> WebSeeds => _surroundings.WebSeeds;

    /// <summary>The URLs of scripts that serve pieces (BEP 17, <c>httpseeds</c>).</summary>
    public IReadOnlyList<string> HttpSeeds => _surroundings.HttpSeeds;

    /// <summary>DHT nodes to begin with (BEP 5).</summary>
    public IReadOnlyList<DnsEndPoint> Nodes => _surroundings.Nodes;

    /// <summary>What the maker says about the torrent, as written: escape it before it goes to a terminal.</summary>
    public string? Comment => _surroundings.Comment;

    /// <summary>The program that made the torrent, as written.</summary>
    public string? CreatedBy => _surroundings.CreatedBy;

    /// <summary>When the torrent was made; null where the file does not say or says nonsense.</summary>
    public DateTimeOffset? CreationDate => _surroundings.CreationDate;

    /// <summary>The site the torrent was made for, which sets its info-hash apart from that of the same content elsewhere.</summary>
    public string? Source => _info.Source;

    /// <summary>The character set the torrent names for text that is not UTF-8, as written.</summary>
    public string? Encoding => _surroundings.Encoding;

    /// <summary>
    /// Whether every v2 piece hash is known. False for a v1 torrent, and for a v2 or hybrid one read from its info
    /// dictionary alone until <see cref="TryWithPieceLayers"/> brings those that peers sent (BEP 52).
    /// </summary>
    public bool HasPieceLayers { get; }

    /// <summary>
    /// The length of a piece in bytes: of what its v1 hash covers, padding files included, or, in a torrent that is only
    /// v2, of the file content in it.
    /// </summary>
    /// <param name="piece">The index of the piece, below <see cref="PieceCount"/>.</param>
    public int PieceLengthOf(int piece)
    {
        ThrowIfNoPiece(piece);
        if (Version == TorrentVersion.V2)
            return LengthInFile(FileOf(piece), piece);

        TorrentFile last = Files[^1];
        return (int)Math.Min(PieceLength, last.Offset + last.Length - ((long)piece * PieceLength));
    }

    /// <summary>The SHA-1 of a piece (BEP 3).</summary>
    /// <param name="piece">The index of the piece, below <see cref="PieceCount"/>.</param>
    /// <returns>20 bytes.</returns>
    /// <exception cref="InvalidOperationException">The torrent is only v2.</exception>
    public ReadOnlySpan<byte> PieceHashV1(int piece)
    {
        ThrowIfNoPiece(piece);
        if (Version == TorrentVersion.V2)
            throw new InvalidOperationException("A v2 torrent has no v1 piece hashes.");

        return _info.Pieces.Span.Slice(piece * InfoHash.Length, InfoHash.Length);
    }

    /// <summary>
    /// The root of the hash tree over a piece (BEP 52), which has <see cref="PieceLeavesV2"/> leaves. A leaf is the SHA-256
    /// of 16 KiB of the file, or of the rest at its end; leaves past its end are 32 zero bytes.
    /// </summary>
    /// <param name="piece">The index of the piece, below <see cref="PieceCount"/>.</param>
    /// <returns>32 bytes; empty while the hash is not known, see <see cref="HasPieceLayers"/>.</returns>
    /// <exception cref="InvalidOperationException">The torrent is only v1.</exception>
    public ReadOnlySpan<byte> PieceHashV2(int piece)
    {
        TorrentFile file = FileOfV2(piece);
        if (file.Length <= PieceLength)
            return file.PiecesRoot.Span;

        ReadOnlySpan<byte> layer = _layers.Of(file).Span;
        return layer.IsEmpty ? layer : layer.Slice((piece - file.FirstPiece) * MerkleTree.HashLength, MerkleTree.HashLength);
    }

    /// <summary>
    /// The hashes of one file's pieces (BEP 52, <c>piece layers</c>), end to end, as peers ask for them.
    /// </summary>
    /// <param name="file">A file of this torrent.</param>
    /// <returns>32 bytes for each piece; empty for a file of one piece or less, and while the layer is not known.</returns>
    public ReadOnlyMemory<byte> PieceLayerOf(TorrentFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Length <= PieceLength ? default : _layers.Of(file);
    }

    /// <summary>The number of bytes of a piece that the v2 hash tree covers: the file content in it, without padding (BEP 52).</summary>
    /// <param name="piece">The index of the piece, below <see cref="PieceCount"/>.</param>
    /// <exception cref="InvalidOperationException">The torrent is only v1.</exception>
    public int PieceLengthV2(int piece) => LengthInFile(FileOfV2(piece), piece);

    /// <summary>
    /// The number of leaves of the hash tree over a piece (BEP 52), a power of two: those of a whole piece, or, for a file
    /// not larger than a piece, only as many as the file's own tree has.
    /// </summary>
    /// <param name="piece">The index of the piece, below <see cref="PieceCount"/>.</param>
    /// <exception cref="InvalidOperationException">The torrent is only v1.</exception>
    public int PieceLeavesV2(int piece)
    {
        TorrentFile file = FileOfV2(piece);
        return (int)MerkleTree.LeavesOver(Math.Min(file.Length, PieceLength));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private TorrentFile FileOfV2(int piece)
    {
        ThrowIfNoPiece(piece);
        if (Version == TorrentVersion.V1)
            throw new InvalidOperationException("A v1 torrent has no v2 piece hashes.");

        return FileOf(piece);
    }

    /// <summary>The file of a v2 or hybrid torrent whose content begins the piece.</summary>
    private TorrentFile FileOf(int piece)
    {
        int low = 0;
        int high = Files.Count - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Files[middle].EndPiece <= piece)
                low = middle + 1;
            else
                high = middle;
        }

        return Files[low];
    }

    private int LengthInFile(TorrentFile file, int piece) =>
        (int)Math.Min(PieceLength, file.Offset + file.Length - ((long)piece * PieceLength));

    private void ThrowIfNoPiece(int piece) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece, (uint)PieceCount, nameof(piece));
}
