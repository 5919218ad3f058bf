using Microsoft.Win32.SafeHandles;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage.Linux;

namespace OurTorrent.Storage;

/// <summary>
/// Where in a folder the files of a torrent are, and that nothing is written anywhere else: below the folder no symbolic
/// link is followed for writing, even one that leads back inside.
/// </summary>
/// <remarks>
/// On Linux the system itself opens below the folder and follows no link on the way. Elsewhere each name is looked at just
/// before a file is made or opened. Someone else who may write in the folder could put a link there between the look and the
/// opening; that takes a program on this machine with the user's own rights to the folder, not a torrent or a peer. New files
/// are made exclusively, which by itself never follows a link. The folder itself is the user's choice, and may be or lie
/// behind a link.
/// </remarks>
internal sealed class ContentFolder
{
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    // What the attributes of a file are that does not exist.
    private const FileAttributes Absent = (FileAttributes)(-1);

    // Those whose syncfs hands on all that fsync would. Of one in user space (FUSE) only the cache is written back to its program.
    private static readonly HashSet<string> FlushedAsAWhole =
        new(StringComparer.Ordinal) { "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "tmpfs" };

    private readonly TorrentMetainfo _metainfo;
    private readonly IReadOnlyList<string>?[] _names;

    /// <summary>Lays a torrent's files into a folder; touches nothing.</summary>
    public ContentFolder(TorrentMetainfo metainfo, string directory)
    {
        _metainfo = metainfo;
        _names = new IReadOnlyList<string>?[metainfo.Files.Count];
        Root = Path.GetFullPath(directory);
    }

    /// <summary>The folder, as a full path.</summary>
    public string Root { get; }

    /// <summary>Whether a file was found on another file system than the folder: something is mounted below it.</summary>
    public bool SpansFileSystems { get; private set; }

    /// <summary>The full path of a file.</summary>
    public string PathOf(int file) => Join(NamesOf(file), NamesOf(file).Count);

    /// <summary>The full path of a place named relative to the folder.</summary>
    public string PathOf(IReadOnlyList<string> names) => Join(names, names.Count);

    /// <summary>Checks the way to a file that is about to be written to, or to a link that is about to be made.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="create">Whether to make the folders that are missing.</param>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="StorageException">The way leads through a link, or something stands in it.</exception>
    public string CheckWay(int file, bool create)
    {
        IReadOnlyList<string> names = NamesOf(file);
        if (create && !Directory.Exists(Root))
            CreateFolder(Root);
        for (int count = 1; count < names.Count; count++)
        {
            string folder = Join(names, count);
            FileAttributes? found = LookAt(folder);
            if (found is { } attributes && (attributes & FileAttributes.Directory) == FileAttributes.None)
                throw new StorageException(StorageFailure.NotADirectory, folder, $"\"{folder}\" is a file where the content needs a folder. Move it away, or choose another folder.");
            if (create && found is null)
                CreateFolder(folder);
        }

        string path = Join(names, names.Count);
        if ((_metainfo.Files[file].Attributes & TorrentFileAttributes.Symlink) != TorrentFileAttributes.None)
            return path;
        if (LookAt(path) is { } there && (there & FileAttributes.Directory) != FileAttributes.None)
            throw new StorageException(StorageFailure.NotAFile, path, $"\"{path}\" is a folder where the content needs a file. Move it away, or choose another folder.");
        return path;
    }

    /// <summary>Makes a file, and the folders it is in.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="reserve">How much room to reserve for it where that takes no call of its own, in bytes.</param>
    /// <returns>The file, for reading and writing; null when something stands there already, which may be the file.</returns>
    /// <exception cref="StorageException">The way leads through a link, or something stands in it.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public SafeFileHandle? TryMake(int file, long reserve)
    {
        if (LinuxFiles.IsSupported)
            return TryOpenBeneath(file, LinuxFiles.MakeNew);

        string path = CheckWay(file, create: true);
        if (File.Exists(path))
            return null;
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, Share, FileOptions.None, reserve);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another thread was first.
            return null;
        }
    }

    /// <summary>Opens a file that exists.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="write">Whether it will be written to; then no link is followed.</param>
    /// <exception cref="StorageException">The way leads through a link, or something stands in it.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public SafeFileHandle Open(int file, bool write)
    {
        if (!write)
            return File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Read, Share);
        return LinuxFiles.IsSupported
            ? TryOpenBeneath(file, LinuxFiles.OpenExisting)!
            : File.OpenHandle(CheckWay(file, create: false), FileMode.Open, FileAccess.ReadWrite, Share);
    }

    /// <summary>Hands whatever was written to the folder to the disk in one call, with whatever others wrote to the same file system.</summary>
    /// <returns>False when that cannot be done, or not everything has reached the disk.</returns>
    public bool TryFlushAll()
    {
        if (!LinuxFiles.IsSupported || SpansFileSystems)
            return false;
        try
        {
            return FlushedAsAWhole.Contains(new DriveInfo(Root).DriveFormat) && LinuxFiles.TryFlushFileSystem(Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone; the files are asked for one by one, and named.
            return false;
        }
    }

    /// <summary>Opens or makes a file the safe way; null when it is to be made and is there.</summary>
    private SafeFileHandle? TryOpenBeneath(int file, int flags)
    {
        string names = string.Join('/', NamesOf(file));
        bool make = flags == LinuxFiles.MakeNew;
        for (bool isAgain = false; ; isAgain = true)
        {
            SafeFileHandle? handle = LinuxFiles.OpenBeneath(Root, names, flags, out int error, out bool isElsewhere);
            if (isElsewhere)
                SpansFileSystems = true;
            if (handle is not null || (make && error == LinuxFiles.Exists))
                return handle;

            // Finds out what is in the way, and makes the folders that are missing.
            CheckWay(file, make);
            if (isAgain || !make || error != LinuxFiles.NotFound)
                throw LinuxFiles.ErrorOf(error);
        }
    }

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(path))
                throw new StorageException(StorageFailure.NotADirectory, path, $"\"{path}\" is a file where the content needs a folder. Move it away, or choose another folder.", e);
            throw StorageErrors.For(e, StorageFailure.WriteFailed, "Making the folder", path);
        }
    }

    /// <summary>What stands at a path, or null when nothing does; a link is refused. One call of the system, as a rule.</summary>
    private static FileAttributes? LookAt(string path)
    {
        var info = new FileInfo(path);
        FileAttributes attributes;
        try
        {
            attributes = info.Attributes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(e, StorageFailure.WriteFailed, "Looking at", path);
        }

        if (attributes == Absent)
            return null;

        // On Windows not everything that is read in another way is a link.
        if ((attributes & FileAttributes.ReparsePoint) != FileAttributes.None && info.LinkTarget is { } target)
            throw new StorageException(StorageFailure.OutsideDirectory, path, $"\"{path}\" is a symbolic link to \"{target}\"; nothing is written through links inside the content. Replace it by what it points to, or choose another folder.");
        return attributes;
    }

    /// <summary>The safe names, unless another program left the file there under its original ones.</summary>
    private IReadOnlyList<string> NamesOf(int file)
    {
        if (_names[file] is { } known)
            return known;

        TorrentFile entry = _metainfo.Files[file];
        IReadOnlyList<string> names = entry.Path;
        if (!OperatingSystem.IsWindows()
            && !entry.Path.SequenceEqual(entry.ExactPath, StringComparer.Ordinal)
            && !Path.Exists(PathOf(entry.Path))
            && File.Exists(PathOf(entry.ExactPath)))
        {
            names = entry.ExactPath;
        }

        // Several threads may find out at once; the first answer stays.
        return Interlocked.CompareExchange(ref _names[file], names, comparand: null) ?? names;
    }

    private string Join(IReadOnlyList<string> names, int count)
    {
        return count == 1 ? Path.Join(Root, names[0]) : Path.Join([Root, .. names.Take(count)]);
    }
}
