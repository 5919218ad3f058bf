using Microsoft.Win32.SafeHandles;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>
/// Keeps the content of a torrent as files in a folder. Folders and files are made when first written to, so a torrent
/// that is only seeded may be on a medium that is only for reading. Nothing is ever written outside the folder, nor through
/// a symbolic link inside it; content is read through links, since only what matches the torrent's hashes is ever offered.
/// Errors are <see cref="StorageException"/>s.
/// </summary>
/// <remarks>
/// On Unix files that the torrent calls executable are made so, and symbolic links are made where their target is named
/// inside the folder (BEP 47); on Windows links are left out unless the system lets the user make them, and hidden files
/// are hidden. What exists already keeps its attributes.
/// </remarks>
public sealed class FileStorage : IStorage
{
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    private readonly TorrentMetainfo _metainfo;
    private readonly ContentFolder _folder;
    private readonly AllocationMode _allocation;
    private readonly bool _readOnly;
    private readonly FileHandleCache _handles;
    private readonly bool _ownsHandles;
    private readonly bool[] _written;
    private volatile bool _disposed;

    /// <summary>Makes a storage; touches nothing on disk yet.</summary>
    /// <param name="metainfo">What the content is.</param>
    /// <param name="directory">The folder it is in, or is put into; made when needed.</param>
    /// <param name="allocation">How room for new files is made.</param>
    /// <param name="readOnly">Whether to refuse every write.</param>
    public FileStorage(TorrentMetainfo metainfo, string directory, AllocationMode allocation = AllocationMode.Sparse, bool readOnly = false)
        : this(metainfo, directory, new FileHandleCache(), allocation, readOnly, ownsHandles: true)
    {
    }

    internal FileStorage(
        TorrentMetainfo metainfo,
        string directory,
        FileHandleCache handles,
        AllocationMode allocation,
        bool readOnly,
        bool ownsHandles = false)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _metainfo = metainfo;
        _folder = new ContentFolder(metainfo, directory);
        _allocation = allocation;
        _readOnly = readOnly;
        _handles = handles;
        _ownsHandles = ownsHandles;
        _written = new bool[metainfo.Files.Count];
    }

    /// <summary>The folder, as a full path.</summary>
    public string Directory => _folder.Root;

    /// <summary>The full path of a file, whether or not it exists.</summary>
    /// <param name="file">The index of the file.</param>
    public string PathOf(int file) => _folder.PathOf(file);

    /// <inheritdoc/>
    public FileStamp? GetStamp(int file)
    {
        string path = _folder.PathOf(file);
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && (info.Attributes & FileAttributes.ReparsePoint) != FileAttributes.None && info.LinkTarget is not null)
                info = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return info is { Exists: true } ? new FileStamp(info.Length, new DateTimeOffset(info.LastWriteTimeUtc)) : null;
        }
        catch (FileNotFoundException)
        {
            // Removed between two looks.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(e, StorageFailure.ReadFailed, "Looking at", path);
        }
    }

    /// <inheritdoc/>
    public void Prepare(int file)
    {
        ThrowIfReadOnly(file);
        TorrentFile entry = _metainfo.Files[file];
        string path = _folder.CheckWay(file, create: true);
        try
        {
            if ((entry.Attributes & TorrentFileAttributes.Symlink) != TorrentFileAttributes.None)
                MakeLink(entry, path);
            else if (!TryMake(entry, path) && new FileInfo(path).Length != entry.Length)
                SetLength(file, entry.Length);
        }
        catch (Exception e) when (e is IOException and not StorageException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(e, StorageFailure.WriteFailed, "Making", path, entry.Length);
        }
    }

    /// <inheritdoc/>
    public int Read(int file, long offset, Span<byte> destination)
    {
        try
        {
            using FileHandleCache.Lease lease = _handles.Acquire(this, file, write: false);
            int total = 0;
            while (total < destination.Length)
            {
                int count = RandomAccess.Read(lease.Handle, destination[total..], offset + total);
                if (count == 0)
                    break;
                total += count;
            }

            return total;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException and not StorageException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(e, StorageFailure.ReadFailed, $"Reading {destination.Length} bytes at offset {offset} of", PathOf(file));
        }
    }

    /// <inheritdoc/>
    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        ThrowIfReadOnly(file);
        try
        {
            using FileHandleCache.Lease lease = _handles.Acquire(this, file, write: true);
            RandomAccess.Write(lease.Handle, buffers, offset);
            Volatile.Write(ref _written[file], true);
        }
        catch (Exception e) when (e is IOException and not StorageException or UnauthorizedAccessException)
        {
            long length = buffers.Sum(buffer => (long)buffer.Length);
            throw StorageErrors.For(e, StorageFailure.WriteFailed, $"Writing {length} bytes at offset {offset} of", PathOf(file), length);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        for (int file = 0; file < _written.Length; file++)
        {
            // Cleared first: what is written while the disk works is for the next time.
            if (!Interlocked.Exchange(ref _written[file], false))
                continue;
            try
            {
                using FileHandleCache.Lease lease = _handles.Acquire(this, file, write: true);
                RandomAccess.FlushToDisk(lease.Handle);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Volatile.Write(ref _written[file], true);
                throw StorageErrors.For(e, StorageFailure.WriteFailed, "Flushing", PathOf(file));
            }
        }
    }

    /// <summary>Closes the files. Nothing is flushed: see <see cref="Flush"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (_ownsHandles)
            _handles.Dispose();
        else
            _handles.CloseAll(this);
    }

    internal SafeFileHandle Open(int file, bool write)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return write
            ? File.OpenHandle(_folder.CheckWay(file, create: false), FileMode.Open, FileAccess.ReadWrite, Share)
            : File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Read, Share);
    }

    private void ThrowIfReadOnly(int file)
    {
        if (_readOnly)
            throw new StorageException(StorageFailure.AccessDenied, PathOf(file), $"\"{PathOf(file)}\" is not written to: the content was opened only for reading.");
    }

    /// <summary>Makes a file that does not exist.</summary>
    /// <returns>False when it exists.</returns>
    private bool TryMake(TorrentFile entry, string path)
    {
        if (File.Exists(path))
            return false;

        long reserve = _allocation == AllocationMode.Full ? entry.Length : 0;
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, Share, FileOptions.None, reserve);
            RandomAccess.SetLength(handle, entry.Length);
            SetAttributes(entry, path, handle);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another thread was first.
            return false;
        }
        catch (IOException e) when (reserve > 0 && StorageErrors.FreeBytes(path) < reserve)
        {
            // The system's message for a failed reservation carries no code that says so.
            throw StorageErrors.DiskFull(e, "Reserving room for", path, reserve);
        }
    }

    private void SetLength(int file, long length)
    {
        using FileHandleCache.Lease lease = _handles.Acquire(this, file, write: true);
        RandomAccess.SetLength(lease.Handle, length);
        Volatile.Write(ref _written[file], true);
    }

    private static void SetAttributes(TorrentFile entry, string path, SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            if ((entry.Attributes & TorrentFileAttributes.Hidden) != TorrentFileAttributes.None)
                File.SetAttributes(path, File.GetAttributes(path) | FileAttributes.Hidden);
            return;
        }

        if ((entry.Attributes & TorrentFileAttributes.Executable) == TorrentFileAttributes.None)
            return;

        // Whoever may read it may run it: the execute bits stand two below the read bits.
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        UnixFileMode mode = File.GetUnixFileMode(handle);
        File.SetUnixFileMode(handle, mode | (UnixFileMode)((int)(mode & Read) >> 2));
    }

    private void MakeLink(TorrentFile entry, string path)
    {
        // Names of the target are safe and relative to the folder, so it cannot be named outside.
        if (entry.SymlinkTarget is not { Count: > 0 } target || Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            return;
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, _folder.PathOf(target)));
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
        {
            // Making links is a privilege there; the content is whole without.
        }
    }
}
