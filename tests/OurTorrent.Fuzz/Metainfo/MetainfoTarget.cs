using System.Security.Cryptography;
using System.Text;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Fuzz.Metainfo;

/// <summary>.torrent files of all versions (BEP 3, 12, 47, 52).</summary>
internal static class MetainfoTarget
{
    private const int MostPiecesLookedAt = 5000;

    public static void Check(byte[] input)
    {
        if (!TorrentMetainfo.TryParse(input, out TorrentMetainfo? metainfo, out MetainfoError? error))
        {
            Promise.That(error.Offset >= 0 && error.Offset <= input.Length, "an error is within the input");
            Promise.That(error.Message.Length is > 0 and < 2000, "an error has words, and not too many");
        }

        Promise.Allocates(64 * 1024 + (200L * input.Length), () => TorrentMetainfo.TryParse(input, out _, out _));
        CheckInfoAlone(input);
        if (metainfo is null)
            return;

        CheckFiles(metainfo);
        CheckPieces(metainfo);
        CheckHashes(metainfo, input);
        CheckWritten(metainfo);
        MagnetLink magnet = MagnetLink.Parse(MagnetLink.FromMetainfo(metainfo).ToString());
        Promise.Same(metainfo.InfoHashes, magnet.InfoHashes, "a link made of a torrent names it");
    }

    private static void CheckFiles(TorrentMetainfo metainfo)
    {
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var exact = new HashSet<string>(StringComparer.Ordinal);
        var directories = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        long size = 0;
        long end = 0;
        foreach (TorrentFile file in metainfo.Files)
        {
            Promise.That(file.Length >= 0 && file.Offset >= end, "files follow each other");
            Promise.That(file.FirstPiece <= file.EndPiece && file.EndPiece <= metainfo.PieceCount, "files lie within the pieces");
            end = file.Offset + file.Length;
            foreach (string name in file.Path.Concat(file.SymlinkTarget ?? []))
                CheckName(name);
            if (file.IsPadding)
                continue;

            size += file.Length;
            Promise.That(files.Add(file.DisplayPath), "no two files have one path");
            Promise.That(exact.Add(string.Join('/', file.ExactPath)), "no two files have one exact path");
            Promise.That(!file.ExactPath.Any(name => name is ".." or "." or "" || name.Contains('/', StringComparison.Ordinal)), "no exact path leads elsewhere");
            for (int depth = 1; depth < file.Path.Count; depth++)
                directories.Add(string.Join('/', file.Path.Take(depth)));
        }

        Promise.Same(size, metainfo.TotalSize, "the size is that of the files");
        Promise.That(!directories.Overlaps(files), "no file is the directory of another");
    }

    private static void CheckName(string name)
    {
        Promise.That(Encoding.UTF8.GetByteCount(name) is > 0 and <= ContentPath.MaxNameLength, "a name is not too long");
        Promise.That(!name.Any(c => char.IsControl(c) || "<>:\"/\\|?*".Contains(c, StringComparison.Ordinal)), "a name holds no character that a file system refuses");
        Promise.That(name[^1] is not ('.' or ' '), "a name does not end as Windows would not have it");
        Promise.That(ContentPath.TryMakeSafe(name, out string? again) && string.Equals(name, again, StringComparison.Ordinal), "a safe name is safe");
    }

    private static void CheckPieces(TorrentMetainfo metainfo)
    {
        for (int piece = 0; piece < Math.Min(metainfo.PieceCount, MostPiecesLookedAt); piece++)
        {
            Promise.That(metainfo.PieceLengthOf(piece) > 0 && metainfo.PieceLengthOf(piece) <= metainfo.PieceLength, "a piece is no longer than the piece length");
            if (metainfo.Version != TorrentVersion.V2)
                Promise.Same(SHA1.HashSizeInBytes, metainfo.PieceHashV1(piece).Length, "a piece has a hash");
            if (metainfo.Version != TorrentVersion.V1)
                Promise.Same(SHA256.HashSizeInBytes, metainfo.PieceHashV2(piece).Length, "a piece has a v2 hash");
        }
    }

    private static void CheckHashes(TorrentMetainfo metainfo, byte[] input)
    {
        Promise.That(input.AsSpan().IndexOf(metainfo.RawInfo.Span) >= 0, "the info dictionary is as it was found");
        if (metainfo.InfoHashes.V1 is { } v1)
            Promise.That(v1.Span.SequenceEqual(SHA1.HashData(metainfo.RawInfo.Span)), "the v1 info-hash is that of the info dictionary");
        if (metainfo.InfoHashes.V2 is { } v2)
            Promise.That(v2.Span.SequenceEqual(SHA256.HashData(metainfo.RawInfo.Span)), "the v2 info-hash is that of the info dictionary");
    }

    private static void CheckWritten(TorrentMetainfo metainfo)
    {
        byte[] written = metainfo.ToBytes();
        TorrentMetainfo again = TorrentMetainfo.Parse(written);
        Promise.Same(metainfo.InfoHashes, again.InfoHashes, "a torrent written and read again is the same");
        Promise.Same(metainfo.PieceCount, again.PieceCount, "a torrent written and read again has the same pieces");
        Promise.That(metainfo.Files.Select(Describe).SequenceEqual(again.Files.Select(Describe)), "a torrent written and read again has the same files");
        Promise.That(written.AsSpan().SequenceEqual(again.ToBytes()), "a torrent is always written alike");
    }

    private static (string Path, string Exact, long Length, long Offset, TorrentFileAttributes Attributes) Describe(TorrentFile file) =>
        (file.DisplayPath, string.Join('/', file.ExactPath), file.Length, file.Offset, file.Attributes);

    private static void CheckInfoAlone(byte[] input)
    {
        // The same bytes as peers would send them (BEP 9): in most inputs there is no such thing, and that must be said.
        if (!TorrentMetainfo.TryParseInfo(input, null, null, out TorrentMetainfo? metainfo, out MetainfoError? error))
        {
            Promise.That(error.Offset >= 0 && error.Offset <= input.Length, "an error is within the input");
            return;
        }

        CheckFiles(metainfo);
        Promise.That(metainfo.RawInfo.Span.SequenceEqual(input), "the info dictionary is what was given");
    }
}
