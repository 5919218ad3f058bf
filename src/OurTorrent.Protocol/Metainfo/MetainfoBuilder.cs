using System.Net;
using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// Makes a new torrent of any version from its files and their hashes (BEP 3, BEP 47, BEP 52). Hashing the content is the
/// caller's, in the order that <see cref="Arrange"/> gives.
/// </summary>
public sealed class MetainfoBuilder
{
    /// <summary>Which formats to write.</summary>
    public TorrentVersion Version { get; init; } = TorrentVersion.V1;

    /// <summary>The name of the file, or of the directory the files are in.</summary>
    public required string Name { get; init; }

    /// <summary>The piece length in bytes; for v2 and hybrid a power of two of at least 16 KiB.</summary>
    public required int PieceLength { get; init; }

    /// <summary>The files as <see cref="Arrange"/> gave them, with their hashes.</summary>
    public required IReadOnlyList<MetainfoFile> Files { get; init; }

    /// <summary>The SHA-1 hashes of all pieces end to end, padding hashed as zeros; for v1 and hybrid.</summary>
    public ReadOnlyMemory<byte> PieceHashes { get; init; }

    /// <summary>Whether peers may come from the trackers only (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The site the torrent is for; makes its info-hash another than elsewhere.</summary>
    public string? Source { get; init; }

    /// <summary>The announce URLs in tiers (BEP 12).</summary>
    public IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; } = [];

    /// <summary>The URLs of web servers that hold the content (BEP 19).</summary>
    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    /// <summary>DHT nodes to begin with (BEP 5).</summary>
    public IReadOnlyList<DnsEndPoint> Nodes { get; init; } = [];

    /// <summary>Words about the torrent.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that makes the torrent.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When the torrent is made; written in whole seconds.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>
    /// Brings files into the order in which a torrent holds them: for v2 and hybrid that of the file tree, for hybrid with the
    /// padding that puts every file on a piece boundary (BEP 47, BEP 52). For v1 the order given stays.
    /// </summary>
    /// <param name="files">The files, without padding.</param>
    /// <param name="version">Which formats will be written.</param>
    /// <param name="pieceLength">The piece length in bytes.</param>
    public static IReadOnlyList<MetainfoFile> Arrange(IEnumerable<MetainfoFile> files, TorrentVersion version, int pieceLength)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceLength);
        if (version == TorrentVersion.V1)
            return [.. files];

        MetainfoFile[] sorted = [.. files.Order(Comparer<MetainfoFile>.Create(CompareInTree))];
        if (version == TorrentVersion.V2)
            return sorted;

        var arranged = new List<MetainfoFile>();
        long gap = 0;
        foreach (MetainfoFile file in sorted)
        {
            if (gap > 0 && file.Length > 0)
            {
                string length = gap.ToString(CultureInfo.InvariantCulture);
                arranged.Add(new MetainfoFile([".pad", length], gap) { Attributes = TorrentFileAttributes.Padding });
            }

            arranged.Add(file);
            if (file.Length > 0)
                gap = (pieceLength - (file.Length % pieceLength)) % pieceLength;
        }

        return arranged;
    }

    /// <summary>Makes the torrent; <see cref="TorrentMetainfo.ToBytes"/> gives its file.</summary>
    /// <exception cref="InvalidOperationException">What was given does not make a valid torrent; the message says why.</exception>
    public TorrentMetainfo Build()
    {
        var output = new ArrayBufferWriter<byte>();
        WriteInfo(new BencodeWriter(output));
        if (TorrentMetainfo.ReadInfo(output.WrittenSpan.ToArray(), out InfoDictionary? info) is { } error)
            throw new InvalidOperationException(error.Message);

        var layers = PieceLayers.None;
        if (Version != TorrentVersion.V1)
        {
            var byRoot = new Dictionary<InfoHashV2, ReadOnlyMemory<byte>>();
            foreach (MetainfoFile file in Files)
            {
                if (file.PiecesRoot.Length == InfoHashV2.Length)
                    byRoot.TryAdd(new InfoHashV2(file.PiecesRoot.Span), file.PieceLayer);
            }

            if (PieceLayers.Take(info!, byRoot.GetValueOrDefault, out layers) is var (wrong, problem))
                throw new InvalidOperationException($"The piece layers of the file \"{wrong.DisplayPath}\" {problem}.");
        }

        var surroundings = new MetainfoSurroundings
        {
            Trackers = MetainfoParser.Normalize(Trackers),
            WebSeeds = MetainfoParser.Normalize(WebSeeds),
            Nodes = Nodes,
            Comment = string.IsNullOrEmpty(Comment) ? null : Comment,
            CreatedBy = string.IsNullOrEmpty(CreatedBy) ? null : CreatedBy,
            CreationDate = CreationDate is { } date ? DateTimeOffset.FromUnixTimeSeconds(date.ToUnixTimeSeconds()) : null,
        };
        return TorrentMetainfo.FromParts(info!, surroundings, layers);
    }

    private void WriteInfo(BencodeWriter writer)
    {
        bool isSingleFile = Files is [{ Path.Count: 0 }];
        bool isV1 = Version != TorrentVersion.V2;
        bool isV2 = Version != TorrentVersion.V1;

        writer.WriteStartDictionary();
        if (isV1 && isSingleFile)
            WriteAttributes(writer, Files[0]);
        if (isV2)
            WriteTree(writer);
        if (isV1 && !isSingleFile)
            WriteList(writer);
        if (isV1 && isSingleFile)
            writer.WriteInteger("length"u8, Files[0].Length);
        if (isV2)
            writer.WriteInteger("meta version"u8, 2);
        writer.WriteString("name"u8, Name);
        writer.WriteInteger("piece length"u8, PieceLength);
        if (isV1)
            writer.WriteString("pieces"u8, PieceHashes.Span);
        if (IsPrivate)
            writer.WriteInteger("private"u8, 1);
        if (!string.IsNullOrEmpty(Source))
            writer.WriteString("source"u8, Source);
        writer.WriteEndDictionary();
    }

    private void WriteList(BencodeWriter writer)
    {
        writer.WriteStartList("files"u8);
        foreach (MetainfoFile file in Files)
        {
            writer.WriteStartDictionary();
            WriteAttributes(writer, file);
            writer.WriteInteger("length"u8, file.Length);
            WriteNames(writer, "path"u8, file.Path);
            WriteTarget(writer, file);
            writer.WriteEndDictionary();
        }

        writer.WriteEndList();
    }

    private void WriteTree(BencodeWriter writer)
    {
        writer.WriteStartDictionary("file tree"u8);
        IReadOnlyList<string> open = [];
        foreach (MetainfoFile file in Files)
        {
            if (file.IsPadding)
                continue;

            IReadOnlyList<string> path = file.Path.Count == 0 ? [Name] : file.Path;
            int shared = 0;
            while (shared < open.Count && shared < path.Count - 1 && string.Equals(open[shared], path[shared], StringComparison.Ordinal))
                shared++;
            for (int i = open.Count; i > shared; i--)
                writer.WriteEndDictionary();
            for (int i = shared; i < path.Count; i++)
            {
                writer.WriteKey(path[i]);
                writer.WriteStartDictionary();
            }

            writer.WriteStartDictionary(""u8);
            WriteAttributes(writer, file);
            writer.WriteInteger("length"u8, file.Length);
            if (file.Length > 0)
                writer.WriteString("pieces root"u8, file.PiecesRoot.Span);
            WriteTarget(writer, file);
            writer.WriteEndDictionary();
            writer.WriteEndDictionary();
            open = [.. path.Take(path.Count - 1)];
        }

        for (int i = open.Count; i > 0; i--)
            writer.WriteEndDictionary();
        writer.WriteEndDictionary();
    }

    private static void WriteAttributes(BencodeWriter writer, MetainfoFile file)
    {
        Span<byte> letters = stackalloc byte[4];
        int count = 0;
        foreach ((TorrentFileAttributes attribute, byte letter) in FileEntryReader.Letters)
        {
            if (file.Attributes.HasFlag(attribute))
                letters[count++] = letter;
        }

        if (count > 0)
            writer.WriteString("attr"u8, letters[..count]);
    }

    private static void WriteTarget(BencodeWriter writer, MetainfoFile file)
    {
        if (file.Attributes.HasFlag(TorrentFileAttributes.Symlink))
            WriteNames(writer, "symlink path"u8, file.SymlinkTarget);
    }

    private static void WriteNames(BencodeWriter writer, ReadOnlySpan<byte> key, IReadOnlyList<string> names)
    {
        writer.WriteStartList(key);
        foreach (string name in names)
            writer.WriteString(name);
        writer.WriteEndList();
    }

    private static int CompareInTree(MetainfoFile left, MetainfoFile right)
    {
        for (int i = 0; i < left.Path.Count && i < right.Path.Count; i++)
        {
            int order = Encoding.UTF8.GetBytes(left.Path[i]).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right.Path[i]));
            if (order != 0)
                return order;
        }

        return left.Path.Count.CompareTo(right.Path.Count);
    }
}
