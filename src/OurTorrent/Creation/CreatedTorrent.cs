using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>A new torrent.</summary>
public sealed class CreatedTorrent
{
    internal CreatedTorrent(TorrentMetainfo metainfo)
    {
        Metainfo = metainfo;
        Bytes = metainfo.ToBytes();
    }

    /// <summary>The torrent as everybody who gets it reads it.</summary>
    public TorrentMetainfo Metainfo { get; }

    /// <summary>The bytes of the .torrent file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// Writes the .torrent file, in place of what was there. It is written beside the file and renamed over it, so that nobody
    /// ever finds half of it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the writing early; the file is then left as it was.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public async Task SaveAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllBytesAsync(beside, Bytes, cancellationToken).ConfigureAwait(false);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
