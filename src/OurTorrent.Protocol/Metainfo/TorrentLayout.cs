namespace OurTorrent.Protocol.Metainfo;

/// <summary>Gives the files of one torrent their place in its byte space and their paths on disk.</summary>
internal sealed class TorrentLayout
{
    private readonly int _pieceLength;
    private readonly List<FileEntry> _entries;
    private readonly long[] _offsets;
    private readonly bool _alignsFiles;

    /// <summary>Prepares to place files.</summary>
    /// <param name="pieceLength">The piece length in bytes.</param>
    /// <param name="entries">The files in order.</param>
    /// <param name="alignsFiles">Whether every file begins on a piece boundary, as in v2, or where the one before ends.</param>
    public TorrentLayout(int pieceLength, List<FileEntry> entries, bool alignsFiles)
    {
        _pieceLength = pieceLength;
        _entries = entries;
        _offsets = new long[entries.Count];
        _alignsFiles = alignsFiles;
    }

    public int PieceCount { get; private set; }

    /// <summary>Computes where each file begins, and the number of pieces.</summary>
    /// <param name="hashCount">How many v1 piece hashes there are.</param>
    /// <param name="isV1">Whether the number of hashes must be the number of pieces.</param>
    public MetainfoError? Place(int hashCount, bool isV1)
    {
        long end = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            FileEntry entry = _entries[i];
            _offsets[i] = end;
            if (entry.Length > long.MaxValue - _pieceLength - end)
                return new(MetainfoErrorReason.FileLength, entry.InputOffset, $"The lengths of the files up to this one add up to more than {long.MaxValue} bytes.");

            end += entry.Length;
            if (_alignsFiles)
                end = PiecesIn(end) * _pieceLength;
        }

        long count = PiecesIn(end);
        if (isV1 && count != hashCount)
            return new(MetainfoErrorReason.PieceCount, _entries[^1].InputOffset, $"The content is {end} bytes, so {count} pieces of {_pieceLength}; there are hashes for {hashCount}.");
        if (count > TorrentMetainfo.MaxPieceCount)
            return new(MetainfoErrorReason.PieceCount, _entries[^1].InputOffset, $"The content is {count} pieces; at most {TorrentMetainfo.MaxPieceCount} are accepted.");

        PieceCount = (int)count;
        return null;
    }

    /// <summary>Takes over the hash roots of the v2 description of the same content, after seeing that it is the same.</summary>
    /// <param name="entriesV2">The files of the tree.</param>
    public MetainfoError? Merge(List<FileEntry> entriesV2)
    {
        int next = 0;
        long expectedOffset = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            FileEntry entry = _entries[i];
            if (entry.IsPadding)
                continue;
            if (next == entriesV2.Count)
                return Inconsistent(entry, "is not in the file tree");

            FileEntry other = entriesV2[next++];
            if (!PathName.AreSame(entry.Path, other.Path))
                return Inconsistent(entry, "has another path than its counterpart in the file tree");
            if (entry.Length != other.Length)
                return Inconsistent(entry, $"is {entry.Length} bytes in the list of files and {other.Length} in the file tree");
            if (entry.Length > 0 && _offsets[i] != expectedOffset)
                return Inconsistent(entry, $"begins at byte {_offsets[i]} of the content by the list of files and at {expectedOffset} by the file tree");

            expectedOffset = PiecesIn(expectedOffset + entry.Length) * _pieceLength;
            _entries[i] = entry with
            {
                PiecesRoot = other.PiecesRoot,
                Attributes = entry.Attributes | other.Attributes,
                SymlinkTarget = entry.SymlinkTarget ?? other.SymlinkTarget,
            };
        }

        if (next < entriesV2.Count)
            return Inconsistent(entriesV2[next], "is not in the list of files");
        if (expectedOffset != (long)PieceCount * _pieceLength)
            return Inconsistent(_entries[^1], $"leaves {PieceCount} pieces by the list of files and {expectedOffset / _pieceLength} by the file tree");

        return null;
    }

    /// <summary>Gives every file its path.</summary>
    /// <param name="directory">The torrent's name as written, which the paths begin with; null for a single file.</param>
    /// <param name="safeName">The torrent's name made safe.</param>
    public TorrentFile[] Name(PathName? directory, string safeName)
    {
        var tree = new ContentPathTree();
        var paths = new string[_entries.Count][];
        bool anyDiffers = false;
        for (int i = 0; i < paths.Length; i++)
        {
            List<string> names = SafeNames(_entries[i].Path, directory, safeName);
            if (_entries[i].IsPadding)
            {
                paths[i] = _entries[i].Path is null ? [safeName, ".pad", _entries[i].Length.ToString(CultureInfo.InvariantCulture)] : [.. names];
                continue;
            }

            paths[i] = tree.Add(names);
            anyDiffers |= !IsExact(paths[i], _entries[i].Path, directory);
        }

        string[][] exactPaths = anyDiffers ? ExactPaths(tree, paths, directory) : paths;
        var files = new TorrentFile[paths.Length];
        for (int i = 0; i < files.Length; i++)
        {
            FileEntry entry = _entries[i];
            files[i] = new TorrentFile(
                i,
                paths[i],
                exactPaths[i],
                entry.Length,
                _offsets[i],
                entry.Attributes,
                entry.SymlinkTarget is null ? null : SafeNames(entry.SymlinkTarget, directory, safeName),
                entry.PiecesRoot,
                _pieceLength);
        }

        return files;
    }

    private static List<string> SafeNames(PathName? path, PathName? directory, string safeName)
    {
        var names = new List<string>((path?.Depth ?? 0) + 1);
        if (directory is not null)
            names.Add(safeName);

        int own = names.Count;
        foreach (PathName name in path?.FromTop() ?? [])
        {
            if (ContentPath.TryMakeSafe(name.Name, out string? safe))
                names.Add(safe);
        }

        // A path of nothing but empty names still is a file; a single file without a name has the torrent's.
        if (names.Count == own)
            names.Add(directory is null ? safeName : "_");

        return names;
    }

    private string[][] ExactPaths(ContentPathTree tree, string[][] paths, PathName? directory)
    {
        // Every safe path is claimed first, so that no file's exact path is another's safe one.
        var exactPaths = (string[][])paths.Clone();
        for (int i = 0; i < paths.Length; i++)
        {
            if (!_entries[i].IsPadding)
                tree.TryClaimExact(paths[i]);
        }

        for (int i = 0; i < paths.Length; i++)
        {
            FileEntry entry = _entries[i];
            if (entry.IsPadding || entry.Path is null || IsExact(paths[i], entry.Path, directory))
                continue;

            PathName[] own = entry.Path.FromTop();
            PathName[] names = directory is null ? own : [directory, .. own];
            string[] exact = Array.ConvertAll(names, name => name.Name);
            if (Array.TrueForAll(names, name => name.IsUtf8 && ContentPath.IsUnixName(name.Name)) && tree.TryClaimExact(exact))
                exactPaths[i] = exact;
        }

        return exactPaths;
    }

    private static bool IsExact(string[] path, PathName? name, PathName? directory)
    {
        int i = path.Length - 1;
        for (; name is not null && i >= 0; name = name.Parent, i--)
        {
            if (!string.Equals(path[i], name.Name, StringComparison.Ordinal))
                return false;
        }

        return name is null && (directory is null ? i < 0 : i == 0 && string.Equals(path[0], directory.Name, StringComparison.Ordinal));
    }

    private static MetainfoError Inconsistent(FileEntry entry, string how) =>
        new(MetainfoErrorReason.Inconsistent, entry.InputOffset, $"The torrent describes its content in two ways that differ: a file {how}.");

    private long PiecesIn(long length) => (length / _pieceLength) + (length % _pieceLength == 0 ? 0 : 1);
}
