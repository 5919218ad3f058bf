using OurTorrent.Storage;

namespace OurTorrent.Swarms;

/// <summary>A storage of the user's own for one run of a torrent: it outlives the run, and is disposed with the torrent.</summary>
internal sealed class KeptStorage(IStorage storage) : IStorage
{
    /// <inheritdoc/>
    public FileStamp? GetStamp(int file) => storage.GetStamp(file);

    /// <inheritdoc/>
    public void Prepare(int file) => storage.Prepare(file);

    /// <inheritdoc/>
    public int Read(int file, long offset, Span<byte> destination) => storage.Read(file, offset, destination);

    /// <inheritdoc/>
    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => storage.Write(file, offset, buffers);

    /// <inheritdoc/>
    public void Flush() => storage.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        // The torrent may be started again.
    }
}
