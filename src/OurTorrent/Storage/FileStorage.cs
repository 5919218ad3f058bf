using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage.Linux;

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
    // With more files than these written to, the whole file system is handed to the disk in one call where that can be done:
    // a disk takes a few milliseconds for each call, whether it is for one file or for all.
    private const int MostFlushedSingly = 16;

    private readonly TorrentMetainfo _metainfo;
    private readonly ContentFolder _folder;
    private readonly AllocationMode _allocation;
    private readonly bool _readOnly;
    private readonly FileHandleCache _handles;
    private readonly bool _ownsHandles;
    private readonly bool[] _written;
    private WriteLedger? _ledger;
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
        if (FileLook.TryTake(path, out FileLook look))
            return look.IsFile ? look.Stamp : null;
        if (look.IsMissing)
            return null;
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
        try
        {
            if ((entry.Attributes & TorrentFileAttributes.Symlink) != TorrentFileAttributes.None)
                MakeLink(entry, _folder.CheckWay(file, create: true));
            else if (!TryMake(entry) && new FileInfo(_folder.CheckWay(file, create: true)).Length != entry.Length)
                SetLength(file, entry.Length);
        }
        catch (Exception e) when (e is IOException and not StorageException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(e, StorageFailure.WriteFailed, "Making", PathOf(file), entry.Length);
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
            throw StorageErrors.For(e, StorageFailure.ReadFailed, "Reading", PathOf(file));
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
            WriteLedger? ledger = Volatile.Read(ref _ledger);
            ledger?.Begin(file, lease.Handle);
            try
            {
                if (LinuxFiles.IsSupported)
                    LinuxFiles.Write(lease.Handle, buffers, offset);
                else
                    RandomAccess.Write(lease.Handle, buffers, offset);
            }
            finally
            {
                ledger?.End(file, lease.Handle);
            }

            Volatile.Write(ref _written[file], true);
        }
        catch (Exception e) when (e is IOException and not StorageException or UnauthorizedAccessException)
        {
            long length = buffers.Sum(buffer => (long)buffer.Length);
            throw StorageErrors.For(e, StorageFailure.WriteFailed, "Writing to", PathOf(file), length);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // Cleared first: what is written while the disk works is for the next time.
        var files = new List<int>();
        for (int file = 0; file < _written.Length; file++)
        {
            if (Interlocked.Exchange(ref _written[file], false))
                files.Add(file);
        }

        if (files.Count > MostFlushedSingly && _folder.TryFlushAll())
            return;
        for (int i = 0; i < files.Count; i++)
        {
            try
            {
                using FileHandleCache.Lease lease = _handles.Acquire(this, files[i], write: true);
                RandomAccess.FlushToDisk(lease.Handle);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                foreach (int file in CollectionsMarshal.AsSpan(files)[i..])
                    Volatile.Write(ref _written[file], true);
                throw StorageErrors.For(e, StorageFailure.WriteFailed, "Flushing", PathOf(files[i]));
            }
        }
    }

    /// <summary>Closes the files. Nothing is flushed: see <see cref="Flush"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        Volatile.Read(ref _ledger)?.Dispose();
        if (_ownsHandles)
            _handles.Dispose();
        else
            _handles.CloseAll(this);
    }

    /// <summary>Notes each write from now on.</summary>
    /// <param name="ledger">Where; the storage disposes it.</param>
    internal void KeepLedger(WriteLedger ledger) => Interlocked.Exchange(ref _ledger, ledger)?.Dispose();

    /// <summary>Notes nothing any more, and takes away what was noted.</summary>
    internal void DiscardLedger() => Interlocked.Exchange(ref _ledger, value: null)?.Discard();

    /// <summary>What an earlier process wrote into a file may not have reached the disk yet: the next <see cref="Flush"/> sees to it.</summary>
    internal void MarkUnflushed(int file)
    {
        if (!_readOnly)
            Volatile.Write(ref _written[file], true);
    }

    internal SafeFileHandle Open(int file, bool write)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _folder.Open(file, write);
    }

    private void ThrowIfReadOnly(int file)
    {
        if (_readOnly)
            throw new StorageException(StorageFailure.AccessDenied, PathOf(file), $"\"{PathOf(file)}\" is not written to: the content was opened only for reading.");
    }

    /// <summary>Makes a file that does not exist.</summary>
    /// <returns>False when something stands there.</returns>
    private bool TryMake(TorrentFile entry)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long reserve = _allocation == AllocationMode.Full ? entry.Length : 0;
        try
        {
            if (_folder.TryMake(entry.Index, reserve) is not { } handle)
                return false;

            Begin(entry, handle, reserve);
            _handles.Add(this, entry.Index, handle);
            return true;
        }
        catch (IOException e) when (e is not StorageException && reserve > 0 && StorageErrors.FreeBytes(PathOf(entry.Index)) < reserve)
        {
            // The system's message for a failed reservation carries no code that says so.
            throw StorageErrors.DiskFull(e, "Reserving room for", PathOf(entry.Index), reserve);
        }
    }

    /// <summary>Gives a new file its length and attributes; takes it away again if it cannot have them.</summary>
    private void Begin(TorrentFile entry, SafeFileHandle handle, long reserve)
    {
        string path = PathOf(entry.Index);
        bool isDone = false;
        try
        {
            if (reserve > 0 && LinuxFiles.IsSupported)
                LinuxFiles.Reserve(handle, reserve);
            if (LinuxFiles.IsSupported)
                LinuxFiles.SetLength(handle, entry.Length);
            else
                RandomAccess.SetLength(handle, entry.Length);
            SetAttributes(entry, path, handle);
            isDone = true;
        }
        finally
        {
            if (!isDone)
            {
                handle.Dispose();
                File.Delete(_folder.CheckWay(entry.Index, create: false));
            }
        }
    }

    private void SetLength(int file, long length)
    {
        using FileHandleCache.Lease lease = _handles.Acquire(this, file, write: true);
        WriteLedger? ledger = Volatile.Read(ref _ledger);
        ledger?.Begin(file, lease.Handle);
        try
        {
            RandomAccess.SetLength(lease.Handle, length);
        }
        finally
        {
            ledger?.End(file, lease.Handle);
        }

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
