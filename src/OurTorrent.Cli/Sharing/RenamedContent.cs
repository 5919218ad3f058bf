using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Cli.Sharing;

/// <summary>Content that is called otherwise on the disk than in its torrent.</summary>
internal static class RenamedContent
{
    /// <summary>Opens it, to be read.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="path">The file or folder on the disk.</param>
    public static IStorage Open(TorrentMetainfo torrent, string path)
    {
        // The same files under the other name; of the hashes in it nothing is used.
        long length = torrent.Files.Sum(static file => file.Length);
        var builder = new MetainfoBuilder
        {
            Name = Path.GetFileName(path),
            PieceLength = torrent.PieceLength,
            Files = [.. torrent.Files.Select(file => new MetainfoFile(torrent.IsSingleFile ? [] : [.. file.ExactPath.Skip(1)], file.Length) { Attributes = file.Attributes })],
            PieceHashes = new byte[(length + torrent.PieceLength - 1) / torrent.PieceLength * 20],
        };
        return new FileStorage(builder.Build(), Path.GetDirectoryName(path) ?? path, readOnly: true);
    }
}
