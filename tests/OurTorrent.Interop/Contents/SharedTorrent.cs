using System.Security.Cryptography;
using OurTorrent.Creation;
using OurTorrent.Interop.Clients;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Interop.Contents;

/// <summary>A torrent with its content and its .torrent file.</summary>
internal sealed class SharedTorrent
{
    private const int PieceLength = 32 * 1024;

    private SharedTorrent(Content content, string path, ReadOnlyMemory<byte> bytes)
    {
        Content = content;
        Path = path;
        Bytes = bytes;
        Metainfo = TorrentMetainfo.Parse(bytes.Span);
    }

    /// <summary>What is shared.</summary>
    public Content Content { get; }

    /// <summary>The .torrent file.</summary>
    public string Path { get; }

    /// <summary>What is in the .torrent file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What the torrent says, as we read it.</summary>
    public TorrentMetainfo Metainfo { get; }

    /// <summary>The size of all pieces, padding included: what a client has when it takes padding for content.</summary>
    public long LengthWithPadding => Metainfo.Files.Sum(file => file.Length);

    /// <summary>Makes a torrent.</summary>
    /// <param name="shape">What kind.</param>
    /// <param name="folder">A folder of its own for the .torrent file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="tracker">The announce URL, or null for none.</param>
    public static async Task<SharedTorrent> CreateAsync(
        Shape shape, string folder, CancellationToken cancellationToken, string? tracker = null)
    {
        Content content = ContentOf(shape);
        string original = System.IO.Path.Combine(folder, "original");
        content.WriteTo(original);
        string source = System.IO.Path.Combine(original, content.Name);
        string path = System.IO.Path.Combine(folder, $"{shape}.torrent");
        string length = PieceLength.ToString(CultureInfo.InvariantCulture);
        switch (shape)
        {
            case Shape.PadFilesOfLibTorrent:
                await LibTorrent.MakeTorrentAsync(source, path, ["v1-padded", length], cancellationToken);
                break;
            case Shape.HybridOfLibTorrent:
                await LibTorrent.MakeTorrentAsync(source, path, ["hybrid", length], cancellationToken);
                break;
            case Shape.V2OfLibTorrent:
                await LibTorrent.MakeTorrentAsync(source, path, ["v2", length], cancellationToken);
                break;
            case Shape.PadFiles:
                await File.WriteAllBytesAsync(path, Padded(content).ToBytes(), cancellationToken);
                break;
            default:
                var options = new TorrentCreateOptions
                {
                    PieceLength = PieceLength,
                    IsPrivate = shape == Shape.Private,
                    Trackers = tracker is null ? [] : [[tracker]],
                    Version = shape switch
                    {
                        Shape.Hybrid => TorrentVersion.Hybrid,
                        Shape.V2 => TorrentVersion.V2,
                        _ => TorrentVersion.V1,
                    },
                };
                CreatedTorrent created = await TorrentCreator.CreateAsync(source, options, progress: null, cancellationToken);
                await created.SaveAsync(path, cancellationToken);
                break;
        }

        Directory.Delete(original, recursive: true);
        return new SharedTorrent(content, path, await File.ReadAllBytesAsync(path, cancellationToken));
    }

    /// <summary>Writes the content under a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="withPadding">Whether padding files too, for a client that takes them for content.</param>
    public void WriteTo(string folder, bool withPadding = false)
    {
        Content.WriteTo(folder);
        if (!withPadding)
            return;

        foreach (TorrentFile file in Metainfo.Files.Where(file => file.IsPadding))
            Content.Write(System.IO.Path.Combine([folder, .. file.ExactPath]), new byte[file.Length]);
    }

    /// <summary>Writes only the first pieces of the content under a folder; where the rest belongs there are zeros.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pieces">How many pieces are whole.</param>
    /// <returns>The length of the content that is whole, in bytes.</returns>
    public long WriteBeginningTo(string folder, int pieces)
    {
        long end = (long)pieces * PieceLength;
        long whole = 0;
        foreach (TorrentFile file in Metainfo.Files.Where(file => !file.IsPadding))
        {
            byte[] bytes = [.. Content[string.Join('/', file.ExactPath)]];
            int good = (int)Math.Clamp(end - file.Offset, 0, file.Length);
            bytes.AsSpan(good).Clear();
            Content.Write(System.IO.Path.Combine([folder, .. file.ExactPath]), bytes);
            whole += good;
        }

        return whole;
    }

    private static Content ContentOf(Shape shape) => shape switch
    {
        Shape.SingleFile => Content.Create("single file.bin", ("", 64 * PieceLength)),
        Shape.ShortLastPiece => Content.Create("short.bin", ("", (20 * PieceLength) + 1)),
        Shape.ManyNestedFiles => Content.Create(
            "album of many files",
            [
                ("a/one.bin", 100_001),
                ("a/b/c/d/e/deep.bin", 32_767),
                ("a/b/ü ñ 漢字 🎵.txt", 17),
                ("with spaces/and   more of them.bin", 65_537),
                ("с кириллицей/файл.dat", 1),
                .. Enumerable.Range(0, 60).Select(i => ($"many/{i:D2}.dat", 1 + (i * i * 13))),
                ("z/last.bin", 400_003),
            ]),
        Shape.EmptyFiles => Content.Create("with empty files", ("0 empty", 0), ("a/b/empty", 0), ("middle", 70_000), ("z empty", 0)),
        _ => Content.Create(
            $"files {shape}", ("a.bin", 100_001), ("b/c.bin", 5), ("b/d.bin", 2 * PieceLength), ("e.bin", 300_007), ("f ü.bin", 40_000)),
    };

    private static TorrentMetainfo Padded(Content content)
    {
        IReadOnlyList<MetainfoFile> files = MetainfoBuilder.Arrange(
            content.Files.Select(file => new MetainfoFile(file.Path.Split('/'), file.Bytes.Length)), TorrentVersion.Hybrid, PieceLength);
        byte[] laidOut = [.. files.SelectMany(file =>
            file.Attributes.HasFlag(TorrentFileAttributes.Padding)
                ? new byte[file.Length]
                : content[$"{content.Name}/{string.Join('/', file.Path)}"])];
        return new MetainfoBuilder
        {
            Name = content.Name,
            PieceLength = PieceLength,
            Files = files,
            PieceHashes = laidOut.Chunk(PieceLength).SelectMany(SHA1.HashData).ToArray(),
        }.Build();
    }
}
