using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OurTorrent.Creation;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Crash.Contents;

/// <summary>Content with its torrent. What its pieces hash to was found while it was made, by no code of the program under test.</summary>
internal sealed class SharedContent
{
    private readonly byte[][] _digests;

    private SharedContent(string folder, string torrent, byte[][] digests, TorrentMetainfo metainfo)
    {
        Folder = folder;
        Torrent = torrent;
        _digests = digests;
        Metainfo = metainfo;
    }

    /// <summary>Where the content is.</summary>
    public string Folder { get; }

    /// <summary>The .torrent file.</summary>
    public string Torrent { get; }

    /// <summary>What the torrent says.</summary>
    public TorrentMetainfo Metainfo { get; }

    /// <summary>The length of a piece in bytes.</summary>
    public int PieceLength => Metainfo.PieceLength;

    /// <summary>The length of all files in bytes; a multiple of that of a piece.</summary>
    public long Length => (long)_digests.Length * PieceLength;

    /// <summary>Makes files of random bytes, in a folder "album", and the torrent.</summary>
    /// <param name="folder">Where to put the folder and the torrent.</param>
    /// <param name="pieceLength">The length of a piece in bytes.</param>
    /// <param name="lengths">The length of each file, all together whole pieces.</param>
    public static async Task<SharedContent> CreateAsync(string folder, int pieceLength, params long[] lengths)
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        string album = Directory.CreateDirectory(Path.Combine(folder, "album")).FullName;
        ulong state = 1;
        var digests = new byte[lengths.Sum() / pieceLength][];
        var piece = new byte[pieceLength];
        int used = pieceLength;
        int next = 0;
        for (int file = 0; file < lengths.Length; file++)
        {
            await using var stream = new FileStream(Path.Combine(album, NameOf(file)), FileMode.Create, FileAccess.Write);
            for (long left = lengths[file]; left > 0;)
            {
                if (used == pieceLength)
                {
                    Fill(piece, ref state);
                    digests[next++] = SHA1.HashData(piece);
                    used = 0;
                }

                int part = (int)Math.Min(left, pieceLength - used);
                await stream.WriteAsync(piece.AsMemory(used, part), cancelled);
                used += part;
                left -= part;
            }
        }

        CreatedTorrent created = await TorrentCreator.CreateAsync(
            album, new TorrentCreateOptions { PieceLength = pieceLength }, cancellationToken: cancelled);
        string torrent = Path.Combine(folder, "album.torrent");
        await File.WriteAllBytesAsync(torrent, created.Bytes, cancelled);
        return new SharedContent(folder, torrent, digests, TorrentMetainfo.Parse(created.Bytes.Span));
    }

    /// <summary>The name of a file.</summary>
    public static string NameOf(int file) => string.Create(CultureInfo.InvariantCulture, $"file{file}.bin");

    /// <summary>Where a file is under a folder.</summary>
    public static string PathIn(string folder, int file) => Path.Combine(folder, "album", NameOf(file));

    /// <summary>Hashes what is under a folder.</summary>
    /// <returns>For each piece whether it is there, whole and right.</returns>
    public bool[] GoodPiecesIn(string folder)
    {
        var good = new bool[_digests.Length];
        var piece = new byte[PieceLength];
        long position = 0;
        for (int i = 0; i < good.Length; i++, position += PieceLength)
        {
            int filled = 0;
            while (filled < PieceLength && ReadAt(folder, position + filled, piece.AsSpan(filled)) is var count and > 0)
                filled += count;
            // No piece begins with zeros, and most of what is not there yet is a hole: that need not be hashed to be known.
            good[i] = filled == PieceLength && piece.AsSpan(0, sizeof(long)).ContainsAnyExcept((byte)0) && SHA1.HashData(piece).AsSpan().SequenceEqual(_digests[i]);
        }

        return good;
    }

    /// <summary>Fails unless every byte is under a folder.</summary>
    public void AssertIn(string folder) => Assert.DoesNotContain(false, GoodPiecesIn(folder));

    /// <summary>SplitMix64: a gibibyte in a fraction of a second.</summary>
    private static void Fill(byte[] piece, ref ulong state)
    {
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(piece.AsSpan()))
        {
            ulong mixed = state += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            word = mixed ^ (mixed >> 31);
        }
    }

    private int ReadAt(string folder, long position, Span<byte> destination)
    {
        foreach (TorrentFile file in Metainfo.Files)
        {
            if (position >= file.Length)
            {
                position -= file.Length;
                continue;
            }

            string path = PathIn(folder, file.Index);
            if (!File.Exists(path))
                return 0;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            stream.Position = position;
            return stream.Read(destination[..(int)Math.Min(destination.Length, file.Length - position)]);
        }

        return 0;
    }
}
