using System.Numerics;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// The hashes of the pieces of v2 files, by the root of the file's tree (BEP 52). Files with the same content share one
/// layer, so it is kept once: a torrent cannot make a reader hold more than it brought.
/// </summary>
internal sealed class PieceLayers
{
    public static readonly PieceLayers None = new(new Dictionary<InfoHashV2, ReadOnlyMemory<byte>>());

    private readonly Dictionary<InfoHashV2, ReadOnlyMemory<byte>> _byRoot;

    private PieceLayers(Dictionary<InfoHashV2, ReadOnlyMemory<byte>> byRoot) => _byRoot = byRoot;

    /// <summary>Takes over those layers that belong to a file of the torrent, after hashing each up to its root.</summary>
    /// <param name="info">The torrent.</param>
    /// <param name="find">Gives the layer said to be under a root; empty where there is none.</param>
    /// <param name="layers">The layers found.</param>
    /// <returns>The first file whose layer is missing or wrong, and why; null where all are right.</returns>
    public static (TorrentFile File, string Problem)? Take(
        InfoDictionary info, Func<InfoHashV2, ReadOnlyMemory<byte>> find, out PieceLayers layers)
    {
        var taken = new Dictionary<InfoHashV2, ReadOnlyMemory<byte>>();
        layers = new PieceLayers(taken);
        foreach (TorrentFile file in info.Files)
        {
            if (!IsLayered(file, info.PieceLength))
                continue;

            var root = new InfoHashV2(file.PiecesRoot.Span);
            if (!taken.TryGetValue(root, out ReadOnlyMemory<byte> layer))
                layer = find(root);

            // The length is checked for every file, also where two name the same root: only one of them can be right.
            long expected = (long)(file.EndPiece - file.FirstPiece) * MerkleTree.HashLength;
            if (layer.IsEmpty)
                return (file, "are missing");
            if (layer.Length != expected)
                return (file, $"are {layer.Length} bytes where {expected} were expected");
            if (taken.ContainsKey(root))
                continue;
            if (RootOf(layer.Span, info.PieceLength) != root)
                return (file, "do not hash to the root of the file");

            taken.Add(root, layer);
        }

        return null;
    }

    /// <summary>Whether every file that needs a layer has it.</summary>
    public bool Cover(InfoDictionary info)
    {
        foreach (TorrentFile file in info.Files)
        {
            if (IsLayered(file, info.PieceLength) && Of(file).IsEmpty)
                return false;
        }

        return true;
    }

    /// <summary>The layer of a file; empty where it is not known.</summary>
    public ReadOnlyMemory<byte> Of(TorrentFile file) =>
        file.PiecesRoot.IsEmpty ? default : _byRoot.GetValueOrDefault(new InfoHashV2(file.PiecesRoot.Span));

    /// <summary>The layers in the order in which a dictionary holds them.</summary>
    public IEnumerable<KeyValuePair<InfoHashV2, ReadOnlyMemory<byte>>> InKeyOrder() =>
        _byRoot.OrderBy(pair => pair.Key, Comparer<InfoHashV2>.Create((left, right) => left.Span.SequenceCompareTo(right.Span)));

    /// <summary>The root above a layer; null where the bytes cannot be one.</summary>
    public static InfoHashV2? RootOf(ReadOnlySpan<byte> layer, int pieceLength)
    {
        int count = layer.Length / MerkleTree.HashLength;
        if (count == 0 || layer.Length % MerkleTree.HashLength != 0)
            return null;

        Span<byte> root = stackalloc byte[MerkleTree.HashLength];
        MerkleTree.ComputeRoot(layer, pieceLength / MerkleTree.BlockLength, (long)BitOperations.RoundUpToPowerOf2((uint)count), root);
        return new InfoHashV2(root);
    }

    private static bool IsLayered(TorrentFile file, int pieceLength) => !file.PiecesRoot.IsEmpty && file.Length > pieceLength;
}
