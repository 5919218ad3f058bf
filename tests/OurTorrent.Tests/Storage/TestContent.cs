using System.Security.Cryptography;
using System.Text;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Tests.Storage;

/// <summary>A torrent with its content, made by straightforward code of its own.</summary>
internal sealed class TestContent
{
    private const int BlockSize = 16 * 1024;

    private TestContent(TorrentMetainfo metainfo, byte[][] files)
    {
        Metainfo = metainfo;
        Files = files;
    }

    public TorrentMetainfo Metainfo { get; }

    /// <summary>The bytes of each file of the metainfo, zeros for padding.</summary>
    public byte[][] Files { get; }

    /// <summary>How many blocks of a piece arrive: those at its end that are nothing but padding do not.</summary>
    public int BlockCountOf(int piece)
    {
        long start = (long)piece * Metainfo.PieceLength;
        int count = (Metainfo.PieceLengthOf(piece) + BlockSize - 1) / BlockSize;
        int needed = count;
        while (needed > 0 && !HasContent(start + ((needed - 1) * BlockSize), start + Math.Min(needed * BlockSize, Metainfo.PieceLengthOf(piece))))
            needed--;
        return needed == 0 ? count : needed;
    }

    /// <summary>The right bytes of a piece, gaps as zeros.</summary>
    public byte[] PieceOf(int piece)
    {
        var bytes = new byte[Metainfo.PieceLengthOf(piece)];
        long start = (long)piece * Metainfo.PieceLength;
        foreach (TorrentFile file in Metainfo.Files)
        {
            long from = Math.Max(start, file.Offset);
            long to = Math.Min(start + bytes.Length, file.Offset + file.Length);
            if (from < to)
                Files[file.Index].AsSpan((int)(from - file.Offset), (int)(to - from)).CopyTo(bytes.AsSpan((int)(from - start)));
        }

        return bytes;
    }

    public byte[] BlockOf(int piece, int block)
    {
        byte[] bytes = PieceOf(piece);
        return bytes[(block * BlockSize)..Math.Min(bytes.Length, (block + 1) * BlockSize)];
    }

    /// <summary>Puts the right files into a folder.</summary>
    public void WriteTo(string directory)
    {
        foreach (TorrentFile file in Metainfo.Files.Where(file => !file.IsPadding))
        {
            string path = Path.Join([directory, .. file.Path]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Files[file.Index]);
        }
    }

    public static TestContent Create(TorrentVersion version, int pieceLength, params int[] lengths) =>
        Create(version, pieceLength, lengths.Select((length, i) => new Entry($"d{i % 3}/f{i}", length)).ToArray());

    /// <summary>Makes a torrent named "content". Between the files of a hybrid there is padding.</summary>
    public static TestContent Create(TorrentVersion version, int pieceLength, params Entry[] entries)
    {
        var random = new Random(pieceLength ^ entries.Length);

        // The tree of a v2 torrent is in the order of its keys.
        if (version != TorrentVersion.V1)
            entries = [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
        var contents = new List<byte[]>();
        var listed = new List<(Entry Entry, byte[] Bytes)>();
        long offset = 0;
        foreach (Entry entry in entries)
        {
            if (version == TorrentVersion.Hybrid && entry.Length > 0 && offset % pieceLength != 0)
            {
                int padding = (int)(pieceLength - (offset % pieceLength));
                listed.Add((new Entry($".pad/{padding}", padding, "p"), new byte[padding]));
                offset += padding;
            }

            var bytes = new byte[entry.Length];
            if (!entry.Attributes.Contains('p', StringComparison.Ordinal))
                random.NextBytes(bytes);
            listed.Add((entry, bytes));
            offset += entry.Length;
        }

        contents.AddRange(listed.Select(item => item.Bytes));
        var info = new SortedDictionary<string, object>(StringComparer.Ordinal) { ["name"] = "content", ["piece length"] = (long)pieceLength };
        var torrent = new SortedDictionary<string, object>(StringComparer.Ordinal) { ["info"] = info };
        if (version != TorrentVersion.V2)
        {
            info["files"] = listed.Select(item => (object)FileOf(item.Entry)).ToList();
            info["pieces"] = PiecesOf(contents, pieceLength);
        }

        if (version != TorrentVersion.V1)
        {
            info["meta version"] = 2L;
            var layers = new SortedDictionary<string, object>(StringComparer.Ordinal);
            var tree = new SortedDictionary<string, object>(StringComparer.Ordinal);
            foreach ((Entry entry, byte[] bytes) in listed.Where(item => !item.Entry.Attributes.Contains('p', StringComparison.Ordinal)))
                AddToTree(tree, layers, entry, bytes, pieceLength);
            info["file tree"] = tree;
            torrent["piece layers"] = layers;
        }

        using var stream = new MemoryStream();
        Write(stream, torrent);
        return new TestContent(TorrentMetainfo.Parse(stream.ToArray()), [.. contents]);
    }

    private bool HasContent(long from, long to) => Metainfo.Files.Any(file => !file.IsPadding && file.Offset < to && from < file.Offset + file.Length);

    private static SortedDictionary<string, object> FileOf(Entry entry)
    {
        var file = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["length"] = (long)entry.Length,
            ["path"] = entry.Path.Split('/').Cast<object>().ToList(),
        };
        if (entry.Attributes.Length > 0)
            file["attr"] = entry.Attributes;
        if (entry.Target is not null)
            file["symlink path"] = entry.Target.Split('/').Cast<object>().ToList();
        return file;
    }

    private static void AddToTree(
        SortedDictionary<string, object> tree, SortedDictionary<string, object> layers, Entry entry, byte[] bytes, int pieceLength)
    {
        foreach (string name in entry.Path.Split('/'))
        {
            if (!tree.TryGetValue(name, out object? below))
                tree[name] = below = new SortedDictionary<string, object>(StringComparer.Ordinal);
            tree = (SortedDictionary<string, object>)below;
        }

        var file = new SortedDictionary<string, object>(StringComparer.Ordinal) { ["length"] = (long)entry.Length };
        if (entry.Attributes.Length > 0)
            file["attr"] = entry.Attributes;
        tree[""] = file;
        if (bytes.Length == 0)
            return;

        List<byte[]> hashes = [.. bytes.Chunk(BlockSize).Select(SHA256.HashData)];
        int leaves = pieceLength / BlockSize;
        byte[] padding = new byte[32];
        if (bytes.Length > pieceLength)
        {
            while (hashes.Count % leaves != 0)
                hashes.Add(new byte[32]);
            hashes = [.. hashes.Chunk(leaves).Select(chunk => Root([.. chunk], new byte[32]))];
            padding = Root([.. Enumerable.Repeat(new byte[32], leaves)], new byte[32]);
        }

        byte[] root = Root(hashes, padding);
        file["pieces root"] = root;
        if (bytes.Length > pieceLength)
            layers[Encoding.Latin1.GetString(root)] = hashes.SelectMany(hash => hash).ToArray();
    }

    private static byte[] Root(List<byte[]> layer, byte[] padding)
    {
        layer = [.. layer];
        while (layer.Count > 1 && !System.Numerics.BitOperations.IsPow2(layer.Count))
            layer.Add(padding);
        while (layer.Count > 1)
            layer = [.. layer.Chunk(2).Select(pair => SHA256.HashData([.. pair[0], .. pair[1]]))];
        return layer[0];
    }

    private static byte[] PiecesOf(List<byte[]> contents, int pieceLength) =>
        [.. contents.SelectMany(bytes => bytes).Chunk(pieceLength).SelectMany(SHA1.HashData)];

    private static void Write(MemoryStream stream, object value)
    {
        switch (value)
        {
            case long number:
                stream.Write(Encoding.ASCII.GetBytes($"i{number}e"));
                break;
            case string text:
                Write(stream, Encoding.Latin1.GetBytes(text));
                break;
            case byte[] bytes:
                stream.Write(Encoding.ASCII.GetBytes($"{bytes.Length}:"));
                stream.Write(bytes);
                break;
            case List<object> list:
                stream.WriteByte((byte)'l');
                list.ForEach(item => Write(stream, item));
                stream.WriteByte((byte)'e');
                break;
            case SortedDictionary<string, object> dictionary:
                stream.WriteByte((byte)'d');
                foreach ((string key, object item) in dictionary)
                {
                    Write(stream, key);
                    Write(stream, item);
                }

                stream.WriteByte((byte)'e');
                break;
            default:
                throw new ArgumentException("No bencode for this.", nameof(value));
        }
    }

    internal sealed record Entry(string Path, int Length, string Attributes = "", string? Target = null);
}
