using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <content>Reading: from a .torrent file, or from the info dictionary that peers sent.</content>
public sealed partial class TorrentMetainfo
{
    /// <summary>The longest piece accepted, in bytes.</summary>
    public const int MaxPieceLength = 1 << 30;

    /// <summary>The most pieces accepted.</summary>
    public const int MaxPieceCount = 1 << 22;

    /// <summary>Reads a .torrent file. What it holds in memory is in proportion to the file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="MetainfoException">The bytes are not a valid torrent.</exception>
    public static TorrentMetainfo Parse(ReadOnlySpan<byte> file) =>
        TryParse(file, out TorrentMetainfo? metainfo, out MetainfoError? error) ? metainfo : throw new MetainfoException(error);

    /// <summary>As <see cref="Parse"/>, but never throws.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="error">What is wrong with the bytes.</param>
    /// <returns>Whether the bytes are a valid torrent.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out TorrentMetainfo? metainfo, [NotNullWhen(false)] out MetainfoError? error)
    {
        error = MetainfoParser.Parse(file.ToArray(), out InfoDictionary? info, out MetainfoSurroundings surroundings, out PieceLayers layers);
        metainfo = error is null ? new TorrentMetainfo(info!, surroundings, layers) : null;
        return error is null;
    }

    /// <summary>
    /// Reads an info dictionary alone, as peers send it (BEP 9). Whether its <see cref="InfoHashes"/> are those asked for is
    /// the caller's to compare. Piece layers are not part of it, see <see cref="HasPieceLayers"/>.
    /// </summary>
    /// <param name="info">The bytes of the dictionary.</param>
    /// <param name="trackers">The announce URLs in tiers, from the magnet link.</param>
    /// <param name="webSeeds">The URLs of web servers that hold the content, from the magnet link.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="MetainfoException">The bytes are not a valid info dictionary.</exception>
    public static TorrentMetainfo ParseInfo(
        ReadOnlySpan<byte> info, IEnumerable<IEnumerable<string>>? trackers = null, IEnumerable<string>? webSeeds = null) =>
        TryParseInfo(info, trackers, webSeeds, out TorrentMetainfo? metainfo, out MetainfoError? error)
            ? metainfo
            : throw new MetainfoException(error);

    /// <summary>As <see cref="ParseInfo"/>, but never throws.</summary>
    /// <param name="info">The bytes of the dictionary.</param>
    /// <param name="trackers">The announce URLs in tiers.</param>
    /// <param name="webSeeds">The URLs of web servers that hold the content.</param>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="error">What is wrong with the bytes.</param>
    /// <returns>Whether the bytes are a valid info dictionary.</returns>
    public static bool TryParseInfo(
        ReadOnlySpan<byte> info,
        IEnumerable<IEnumerable<string>>? trackers,
        IEnumerable<string>? webSeeds,
        [NotNullWhen(true)] out TorrentMetainfo? metainfo,
        [NotNullWhen(false)] out MetainfoError? error)
    {
        metainfo = null;
        error = ReadInfo(info.ToArray(), out InfoDictionary? parsed);
        if (error is not null)
            return false;

        var surroundings = new MetainfoSurroundings
        {
            Trackers = MetainfoParser.Normalize(trackers ?? []),
            WebSeeds = MetainfoParser.Normalize(webSeeds ?? []),
        };
        metainfo = new TorrentMetainfo(parsed!, surroundings, PieceLayers.None);
        return true;
    }

    /// <summary>Completes a v2 or hybrid torrent whose piece layers came from peers (BEP 52, <c>hashes</c>).</summary>
    /// <param name="layers">For each file of more than one piece the hashes of its pieces end to end, in any order.</param>
    /// <param name="complete">The same torrent with all piece hashes.</param>
    /// <param name="error">Which file's layer is not among those given.</param>
    /// <returns>Whether every file has its layer; layers that belong to no file are passed over.</returns>
    public bool TryWithPieceLayers(
        IEnumerable<ReadOnlyMemory<byte>> layers,
        [NotNullWhen(true)] out TorrentMetainfo? complete,
        [NotNullWhen(false)] out MetainfoError? error)
    {
        ArgumentNullException.ThrowIfNull(layers);
        complete = null;
        error = null;
        if (Version == TorrentVersion.V1)
        {
            error = new(MetainfoErrorReason.PieceLayers, 0, "A v1 torrent has no piece layers.");
            return false;
        }

        var byRoot = new Dictionary<InfoHashV2, ReadOnlyMemory<byte>>();
        foreach (ReadOnlyMemory<byte> layer in layers)
        {
            if (PieceLayers.RootOf(layer.Span, PieceLength) is { } root)
                byRoot.TryAdd(root, layer);
        }

        if (PieceLayers.Take(_info, byRoot.GetValueOrDefault, out PieceLayers taken) is var (file, problem))
        {
            error = new(MetainfoErrorReason.PieceLayers, 0, $"The piece layers of the file \"{file.DisplayPath}\" {problem}.");
            return false;
        }

        complete = new TorrentMetainfo(_info, _surroundings, taken);
        return true;
    }

    internal static TorrentMetainfo FromParts(InfoDictionary info, MetainfoSurroundings surroundings, PieceLayers layers) =>
        new(info, surroundings, layers);

    internal static MetainfoError? ReadInfo(byte[] bytes, out InfoDictionary? info)
    {
        info = null;
        var raw = new RawValue(bytes, 0);
        var reader = new BencodeReader(bytes, RawValue.Options with { AllowTrailing = false });
        if (!reader.TrySkip())
            return MetainfoParser.Malformed(reader.Error);

        return InfoParser.Parse(raw, new TorrentText(encoding: null), out info);
    }
}
