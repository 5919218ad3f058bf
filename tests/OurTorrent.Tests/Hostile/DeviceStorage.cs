using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Hostile;

/// <summary>Writes everything to one device, and has nothing to read.</summary>
internal sealed class DeviceStorage(TorrentMetainfo metainfo, string device) : IStorage
{
    public FileStamp? GetStamp(int file) => null;

    public void Prepare(int file) => Assert.InRange(file, 0, metainfo.Files.Count - 1);

    public int Read(int file, long offset, Span<byte> destination) => 0;

    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        using var stream = new FileStream(device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        foreach (ReadOnlyMemory<byte> buffer in buffers)
            stream.Write(buffer.Span);
    }

    public void Flush()
    {
        // Nothing was kept.
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
