using System.Security.Cryptography;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Tests.EndToEnd;

/// <summary>A torrent with content made from a seed, written into a folder of its own.</summary>
internal sealed class TestContent
{
    private TestContent(TorrentMetainfo metainfo, byte[] bytes)
    {
        Metainfo = metainfo;
        Bytes = bytes;
    }

    public TorrentMetainfo Metainfo { get; }

    /// <summary>The whole content, files end to end.</summary>
    public byte[] Bytes { get; }

    public static TestContent Create(string name, int pieceLength, params (string Path, int Length)[] files) =>
        Create(name, pieceLength, trackers: [], files);

    /// <summary>Content whose torrent names trackers, each in a tier of its own.</summary>
    public static TestContent Create(string name, int pieceLength, IReadOnlyList<string> trackers, params (string Path, int Length)[] files)
    {
        var bytes = new byte[files.Sum(file => file.Length)];
        new Random(name.Length * 7919).NextBytes(bytes);
        var hashes = new List<byte>();
        for (int offset = 0; offset < bytes.Length; offset += pieceLength)
            hashes.AddRange(SHA1.HashData(bytes.AsSpan(offset, Math.Min(pieceLength, bytes.Length - offset))));
        var builder = new MetainfoBuilder
        {
            Name = name,
            PieceLength = pieceLength,
            Files = [.. files.Select(file => new MetainfoFile(file.Path.Length == 0 ? [] : file.Path.Split('/'), file.Length))],
            PieceHashes = hashes.ToArray(),
            Trackers = [.. trackers.Select(tracker => (IReadOnlyList<string>)[tracker])],
        };
        return new TestContent(builder.Build(), bytes);
    }

    /// <summary>A torrent made elsewhere, with its whole content.</summary>
    public static TestContent Of(TorrentMetainfo metainfo, byte[] bytes) => new(metainfo, bytes);

    /// <summary>Writes all files under a folder.</summary>
    public void WriteTo(string folder)
    {
        foreach (TorrentFile file in Metainfo.Files)
        {
            string path = PathIn(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Bytes.AsSpan((int)file.Offset, (int)file.Length));
        }
    }

    /// <summary>Fails unless every file under a folder is as it should be.</summary>
    public void AssertIn(string folder)
    {
        foreach (TorrentFile file in Metainfo.Files)
            Assert.True(Bytes.AsSpan((int)file.Offset, (int)file.Length).SequenceEqual(File.ReadAllBytes(PathIn(folder, file))), file.DisplayPath);
    }

    public static string PathIn(string folder, TorrentFile file) => Path.Combine([folder, .. file.Path]);
}
