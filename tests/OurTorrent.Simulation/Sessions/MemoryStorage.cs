using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Simulation.Sessions;

/// <summary>The content of a torrent in the memory of a simulated host.</summary>
internal sealed class MemoryStorage(TorrentMetainfo metainfo) : IStorage
{
    private readonly byte[]?[] _files = new byte[]?[metainfo.Files.Count];

    public byte[]? this[int file]
    {
        get => _files[file];
        set => _files[file] = value;
    }

    public FileStamp? GetStamp(int file) =>
        _files[file] is { } content ? new FileStamp(content.Length, DateTimeOffset.UnixEpoch) : null;

    public void Prepare(int file) => _files[file] ??= new byte[metainfo.Files[file].Length];

    public int Read(int file, long offset, Span<byte> destination)
    {
        if (_files[file] is not { } content || offset >= content.Length)
            return 0;

        int count = (int)Math.Min(destination.Length, content.Length - offset);
        content.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            buffer.CopyTo(_files[file].AsMemory((int)offset));
            offset += buffer.Length;
        }
    }

    public void Flush()
    {
        // Memory needs none.
    }

    public void Dispose()
    {
        // The test looks at the content afterwards.
    }
}
