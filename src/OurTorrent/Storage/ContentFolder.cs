using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>
/// Where in a folder the files of a torrent are, and that nothing is written anywhere else: below the folder no symbolic
/// link is followed for writing, even one that leads back inside.
/// </summary>
/// <remarks>
/// Each name on the way is looked at just before a file is made or opened. Someone else who may write in the folder could
/// put a link there between the look and the opening; that takes a program on this machine with the user's own rights to
/// the folder, not a torrent or a peer. New files are made exclusively, which by itself never follows a link. The folder
/// itself is the user's choice, and may be or lie behind a link.
/// </remarks>
internal sealed class ContentFolder
{
    // What the attributes of a file are that does not exist.
    private const FileAttributes Absent = (FileAttributes)(-1);

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

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
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
        string path = Root;
        for (int i = 0; i < count; i++)
            path = Path.Join(path, names[i]);
        return path;
    }
}
