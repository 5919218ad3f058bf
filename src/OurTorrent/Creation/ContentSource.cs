using System.Text;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>The files that a torrent is made of, as they were found on disk.</summary>
internal sealed class ContentSource
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    private readonly List<SourceFile> _files = [];

    private ContentSource(string root, string name, bool isSingleFile)
    {
        Root = root;
        Name = name;
        IsSingleFile = isSingleFile;
    }

    /// <summary>The file or folder itself, links to it resolved.</summary>
    public string Root { get; }

    /// <summary>The torrent's name.</summary>
    public string Name { get; }

    /// <summary>Whether the torrent is one file without a folder.</summary>
    public bool IsSingleFile { get; }

    /// <summary>The files in the order of the content.</summary>
    public IReadOnlyList<SourceFile> Files => _files;

    /// <summary>The length of all files together, in bytes.</summary>
    public long TotalLength { get; private set; }

    /// <summary>Finds the files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="name">The torrent's name; that of the file or folder where null.</param>
    /// <param name="cancellationToken">Ends the search early.</param>
    /// <exception cref="TorrentCreateException">A file or folder is in the way of it.</exception>
    public static ContentSource Scan(string path, string? name, CancellationToken cancellationToken)
    {
        // What the user names may itself be a link; the name they gave it stays.
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        FileSystemInfo root = Resolve(full);
        name ??= Path.GetFileName(full);
        RequireName(full, name);
        ContentSource source = new(root.FullName, name, root is FileInfo);
        if (root is FileInfo file)
            source.Add(file, [name]);
        else
            source.AddFolders(root.FullName, cancellationToken);

        source._files.Sort(SourceFile.Compare);
        foreach (SourceFile found in source._files)
            source.TotalLength += found.Length;

        if (source._files.Count == 0)
            throw new TorrentCreateException(TorrentCreateErrorKind.NoContent, root.FullName, $"{root.FullName} holds no file.");

        if (source.TotalLength == 0)
        {
            string what = source.IsSingleFile ? "is empty" : "holds only empty files";
            throw new TorrentCreateException(
                TorrentCreateErrorKind.NoContent, root.FullName, $"{root.FullName} {what}: there is nothing to share.");
        }

        return source;
    }

    private static FileSystemInfo Resolve(string full)
    {
        try
        {
            FileSystemInfo info = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
            FileSystemInfo root = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
            if (root.Exists)
                return root;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.CannotRead(full, exception);
        }

        throw new TorrentCreateException(TorrentCreateErrorKind.NotFound, full, $"{full} does not exist.");
    }

    // Depth first on a stack of our own, so that a deep tree cannot use up the thread's.
    private void AddFolders(string root, CancellationToken cancellationToken)
    {
        Stack<(DirectoryInfo Folder, string[] Names)> open = new([(new DirectoryInfo(root), [])]);
        while (open.TryPop(out (DirectoryInfo Folder, string[] Names) next))
        {
            try
            {
                foreach (FileSystemInfo entry in next.Folder.EnumerateFileSystemInfos("*", Everything))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    string[] names = [.. next.Names, entry.Name];
                    RequireEntry(entry, names.Length);
                    if (entry.LinkTarget is not null)
                        Add(Follow(entry), names);
                    else if (entry is DirectoryInfo folder)
                        open.Push((folder, names));
                    else
                        Add((FileInfo)entry, names);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw SourceFile.CannotRead(next.Folder.FullName, exception);
            }
        }
    }

    private void Add(FileInfo file, string[] names)
    {
        try
        {
            // A pipe, socket or device says that it is empty; opening a pipe would wait for somebody to write into it.
            if (file.Length == 0 && !SpecialFile.IsRegular(file.FullName))
            {
                throw new TorrentCreateException(
                    TorrentCreateErrorKind.SpecialFile, file.FullName, $"{file.FullName} is a pipe, socket or device, not a file.");
            }

            _files.Add(new SourceFile(file, names));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.CannotRead(file.FullName, exception);
        }
    }

    // The comparison is of paths as text: a folder of the tree that is a link is refused by itself, so none can lead out.
    private FileInfo Follow(FileSystemInfo link)
    {
        FileSystemInfo? target;
        try
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException)
        {
            // A circle of links.
            target = null;
        }

        if (target is not { Exists: true })
            throw Unusable("leads nowhere");

        if (target is not FileInfo file || Directory.Exists(target.FullName))
            throw Unusable("leads to a folder");

        string inside = Path.EndsInDirectorySeparator(Root) ? Root : Root + Path.DirectorySeparatorChar;
        if (!file.FullName.StartsWith(inside, StringComparison.Ordinal))
            throw Unusable($"leads out of {Root}");

        return file;

        TorrentCreateException Unusable(string why) => new(
            TorrentCreateErrorKind.UnusableLink,
            link.FullName,
            $"{link.FullName} is a link that {why} ({link.LinkTarget}). Only links to files of the same folder can be shared.");
    }

    private static void RequireEntry(FileSystemInfo entry, int depth)
    {
        RequireName(entry.FullName, entry.Name);
        if (depth > ContentPath.MaxDepth)
        {
            throw new TorrentCreateException(
                TorrentCreateErrorKind.TooLarge, entry.FullName, $"{entry.FullName} is more than {ContentPath.MaxDepth} folders deep.");
        }

        // A name that is not UTF-8 is given to us with U+FFFD in it, and there is no file by that name.
        if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal) && entry.LinkTarget is null && !entry.Exists)
            throw Unusable(entry.FullName, "is not UTF-8");
    }

    private static void RequireName(string path, string name)
    {
        if (name.Length == 0)
            throw Unusable(path, "is empty: give the torrent one");

        try
        {
            StrictUtf8.GetByteCount(name);
        }
        catch (EncoderFallbackException)
        {
            throw Unusable(path, "is not valid Unicode");
        }
    }

    private static TorrentCreateException Unusable(string path, string why) =>
        new(TorrentCreateErrorKind.UnusableName, path, $"The name of {path} {why}.");
}
