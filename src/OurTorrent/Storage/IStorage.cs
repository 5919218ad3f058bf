namespace OurTorrent.Storage;

/// <summary>
/// Where the content of one torrent is kept. Files are named by their index in the metainfo; padding files (BEP 47) are
/// never asked for. Members are called from several threads at once, for ranges that do not overlap unless both only read.
/// What goes wrong is best thrown as a <see cref="StorageException"/>, whose kind is what the torrent then reports; of any
/// other exception the kind is guessed, and the torrent fails no worse for it.
/// </summary>
public interface IStorage : IDisposable
{
    /// <summary>What is known of a file without reading it, or null when it does not exist.</summary>
    /// <param name="file">The index of the file.</param>
    /// <exception cref="IOException">The place cannot be looked at.</exception>
    FileStamp? GetStamp(int file);

    /// <summary>
    /// Makes a file exist with its full length, before anything is written into it; one that is longer is cut. What it
    /// holds is kept. May be called again, also by two threads at once.
    /// </summary>
    /// <param name="file">The index of the file.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    void Prepare(int file);

    /// <summary>Reads a part of a file.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="destination">Where to put the bytes.</param>
    /// <returns>How many bytes were read: fewer than asked for only when the file is shorter or does not exist.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    int Read(int file, long offset, Span<byte> destination);

    /// <summary>Writes a part of a file, whole.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="buffers">The bytes, in order.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers);

    /// <summary>Hands everything written so far to the disk, so that it survives a loss of power.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    void Flush();
}

/// <summary>What tells one version of a file from another without reading it.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="Modified">When it was last written to.</param>
public readonly record struct FileStamp(long Length, DateTimeOffset Modified)
{
    /// <summary>What the system tells beyond that.</summary>
    internal FileMark Mark { get; init; }

    /// <summary>Whether nothing was written between two looks.</summary>
    internal bool MayBe(FileStamp other) => Length == other.Length && Modified == other.Modified && Mark.MayBe(other.Mark);
}
