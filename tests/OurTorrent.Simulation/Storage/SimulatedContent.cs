using System.Security.Cryptography;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Simulation.Storage;

/// <summary>The content of a torrent, made from a seed. All peers of a world share the one copy; see <see cref="SharedStorage"/>.</summary>
internal sealed class SimulatedContent
{
    private readonly byte[] _bytes;

    /// <summary>Makes content of one file.</summary>
    public SimulatedContent(int seed, long length, int pieceLength, string? tracker = null)
        : this(seed, [new MetainfoFile([], length)], pieceLength, tracker)
    {
    }

    /// <summary>Makes content of several files.</summary>
    public SimulatedContent(int seed, IReadOnlyList<MetainfoFile> files, int pieceLength, string? tracker = null)
    {
        _bytes = new byte[files.Sum(file => file.Length)];
        new Random(seed).NextBytes(_bytes);
        var hashes = new List<byte>();
        for (int offset = 0; offset < _bytes.Length; offset += pieceLength)
            hashes.AddRange(SHA1.HashData(_bytes.AsSpan(offset, Math.Min(pieceLength, _bytes.Length - offset))));
        Metainfo = new MetainfoBuilder
        {
            Name = "content",
            PieceLength = pieceLength,
            Files = files,
            PieceHashes = hashes.ToArray(),
            Trackers = tracker is null ? [] : [[tracker]],
        }.Build();
    }

    /// <summary>What describes it.</summary>
    public TorrentMetainfo Metainfo { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length => _bytes.Length;

    /// <summary>All of it, file after file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;
}
