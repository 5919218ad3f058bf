using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>Reads the file tree of a v2 torrent: directories are dictionaries, and an empty key makes one a file (BEP 52).</summary>
internal static class FileTreeReader
{
    /// <summary>Reads the whole tree.</summary>
    /// <param name="tree">The value under <c>file tree</c>.</param>
    /// <param name="text">How names are written.</param>
    /// <param name="files">The files in the order of the tree.</param>
    public static MetainfoError? Read(RawValue tree, TorrentText text, out List<FileEntry> files)
    {
        files = [];
        if (!tree.IsDictionary)
            return new(MetainfoErrorReason.WrongType, tree.Offset, "The \"file tree\" is not a dictionary.");

        var entries = new FileEntryReader(tree, text);
        var open = new Stack<Directory>();
        Directory directory = new(null, 0, HasFile: false);
        BencodeReader reader = tree.Open();
        reader.TryRead();
        while (reader.TryRead() == BencodeReadStatus.Token)
        {
            long at = tree.Offset + reader.TokenStart;
            if (reader.TokenType == BencodeTokenType.EndDictionary)
            {
                if (directory.HasFile && directory.Entries > 1)
                    return new(MetainfoErrorReason.Files, at, "An entry of the file tree is both a file and a directory.");
                if (!open.TryPop(out directory))
                    break;

                continue;
            }

            bool isFile = reader.ValueSpan.IsEmpty;
            string name = text.Decode(reader.ValueSpan, out bool isUtf8);
            directory = directory with { Entries = directory.Entries + 1, HasFile = directory.HasFile || isFile };
            reader.TryRead();
            if (reader.TokenType != BencodeTokenType.StartDictionary)
                return new(MetainfoErrorReason.WrongType, tree.Offset + reader.TokenStart, "An entry of the file tree is not a dictionary.");

            if (!isFile)
            {
                if (directory.Name?.Depth == ContentPath.MaxDepth)
                    return new(MetainfoErrorReason.Files, at, $"The file tree is more than {ContentPath.MaxDepth} directories deep.");

                open.Push(directory);
                directory = new(new(directory.Name, name, isUtf8), 0, HasFile: false);
                continue;
            }

            if (directory.Name is null)
                return new(MetainfoErrorReason.Files, at, "The file tree is itself a file; expected names at its top.");
            if (entries.ReadV2(ref reader, directory.Name, out FileEntry entry) is { } error)
                return error;

            files.Add(entry);
        }

        return files.Count == 0 ? new(MetainfoErrorReason.Files, tree.Offset, "The file tree holds no file.") : null;
    }

    private record struct Directory(PathName? Name, int Entries, bool HasFile);
}
