using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Fuzz.Peers;

/// <summary>The content in memory, on a disk that fails when told to.</summary>
internal sealed class FuzzStorage(TorrentMetainfo metainfo) : IStorage
{
    /// <summary>The files as they are; null for one that does not exist.</summary>
    public byte[]?[] Files { get; } = new byte[]?[metainfo.Files.Count];

    /// <summary>How often something was written.</summary>
    public int Writes { get; private set; }

    /// <summary>How many of the next writes fail.</summary>
    public int FailingWrites { get; set; }

    /// <summary>How many of the next reads fail.</summary>
    public int FailingReads { get; set; }

    public FileStamp? GetStamp(int file) => Files[file] is { } bytes ? new FileStamp(bytes.Length, DateTimeOffset.UnixEpoch) : null;

    // What is too long for memory is never written to.
    public void Prepare(int file) => Files[file] ??= new byte[metainfo.Files[file].Length < Array.MaxLength / 16 ? metainfo.Files[file].Length : 0];

    public int Read(int file, long offset, Span<byte> destination)
    {
        if (FailingReads > 0)
        {
            FailingReads--;
            throw new StorageException(StorageFailure.ReadFailed, null, "the disk cannot be read");
        }

        if (Files[file] is not { } bytes || offset >= bytes.Length)
            return 0;

        int count = (int)Math.Min(destination.Length, bytes.Length - offset);
        bytes.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        if (FailingWrites > 0)
        {
            FailingWrites--;
            throw new StorageException(StorageFailure.DiskFull, null, "the disk is full");
        }

        Writes++;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            buffer.CopyTo(Files[file].AsMemory((int)offset));
            offset += buffer.Length;
        }
    }

    public void Flush()
    {
        // Memory needs none.
    }

    public void Dispose()
    {
        // The script looks at the content afterwards.
    }
}
