using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

/// <summary>Files in memory, which insist on being used as <see cref="IStorage"/> says, and fail when told to.</summary>
internal sealed class MemoryStorage(TorrentMetainfo metainfo) : IStorage
{
    private readonly Lock _gate = new();

    public byte[]?[] Files { get; } = new byte[]?[metainfo.Files.Count];

    /// <summary>Called before each operation, with its name; may throw.</summary>
    public Action<string>? Before { get; set; }

    public List<(int File, long Offset, int Length)> Writes { get; } = [];

    public long BytesRead { get; private set; }

    public bool IsFlushed { get; private set; }

    public bool IsDisposed { get; private set; }

    public FileStamp? GetStamp(int file)
    {
        lock (_gate)
        {
            Begin("stamp", file);
            return Files[file] is { } bytes ? new FileStamp(bytes.Length, DateTimeOffset.UnixEpoch) : null;
        }
    }

    public void Prepare(int file)
    {
        lock (_gate)
        {
            Begin("prepare", file);
            byte[] bytes = Files[file] ?? [];
            Array.Resize(ref bytes, (int)metainfo.Files[file].Length);
            Files[file] = bytes;
        }
    }

    public int Read(int file, long offset, Span<byte> destination)
    {
        lock (_gate)
        {
            Begin("read", file);
            if (Files[file] is not { } bytes || offset >= bytes.Length)
                return 0;
            int count = Math.Min(destination.Length, bytes.Length - (int)offset);
            bytes.AsSpan((int)offset, count).CopyTo(destination);
            BytesRead += count;
            return count;
        }
    }

    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        lock (_gate)
        {
            Begin("write", file);
            byte[] bytes = Files[file] ?? throw new InvalidOperationException("Written to before it was prepared.");
            Writes.Add((file, offset, buffers.Sum(buffer => buffer.Length)));
            foreach (ReadOnlyMemory<byte> buffer in buffers)
            {
                buffer.Span.CopyTo(bytes.AsSpan((int)offset));
                offset += buffer.Length;
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            Begin("flush", file: null);
            IsFlushed = true;
        }
    }

    public void Dispose() => IsDisposed = true;

    private void Begin(string operation, int? file)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (file is { } index && metainfo.Files[index].IsPadding)
            throw new InvalidOperationException("Padding is never asked for.");
        Before?.Invoke(operation);
    }
}
