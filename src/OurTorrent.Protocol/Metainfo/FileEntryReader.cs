using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>Reads the dictionary that describes one file, in the list of v1 and in the tree of v2 (BEP 3, BEP 47, BEP 52).</summary>
internal readonly struct FileEntryReader(RawValue container, TorrentText text)
{
    // BitComet wrote padding under this name before there was an attribute for it.
    private const string BitCometPadding = "_____padding_file_";

    /// <summary>The letter of each attribute (BEP 47).</summary>
    public static readonly (TorrentFileAttributes Attribute, byte Letter)[] Letters =
    [
        (TorrentFileAttributes.Padding, (byte)'p'),
        (TorrentFileAttributes.Executable, (byte)'x'),
        (TorrentFileAttributes.Hidden, (byte)'h'),
        (TorrentFileAttributes.Symlink, (byte)'l'),
    ];

    /// <summary>Reads the letters under <c>attr</c> (BEP 47); unknown ones say nothing.</summary>
    public static TorrentFileAttributes ReadAttributes(ReadOnlySpan<byte> letters)
    {
        var attributes = TorrentFileAttributes.None;
        foreach ((TorrentFileAttributes attribute, byte letter) in Letters)
        {
            if (letters.Contains(letter))
                attributes |= attribute;
        }

        return attributes;
    }

    /// <summary>Reads a file of the v1 list.</summary>
    /// <param name="reader">Stands on the start of the dictionary; is left on its end.</param>
    /// <param name="index">The place in the list, for messages.</param>
    /// <param name="entry">The file.</param>
    public MetainfoError? ReadV1(ref BencodeReader reader, int index, out FileEntry entry)
    {
        long at = container.Offset + reader.TokenStart;
        if (ReadFields(ref reader, $"file {index}", out Fields fields, out entry) is { } error)
            return error;

        PathName? path = fields.Utf8Path ?? fields.Path;
        bool isPadding = fields.Attributes.HasFlag(TorrentFileAttributes.Padding)
            || path?.Name.StartsWith(BitCometPadding, StringComparison.Ordinal) == true;
        if (path is null && !isPadding)
            return new(MetainfoErrorReason.Files, at, $"File {index} has no path; expected a list of names under the key \"path\".");

        entry = fields.ToEntry(path, isPadding, at);
        return null;
    }

    /// <summary>Reads a file of the v2 tree.</summary>
    /// <param name="reader">Stands on the start of the dictionary; is left on its end.</param>
    /// <param name="path">Where in the tree the file is.</param>
    /// <param name="entry">The file.</param>
    public MetainfoError? ReadV2(ref BencodeReader reader, PathName path, out FileEntry entry)
    {
        long at = container.Offset + reader.TokenStart;
        string what = $"file \"{ShownName(path)}\"";
        if (ReadFields(ref reader, what, out Fields fields, out entry) is { } error)
            return error;

        if (fields.Attributes.HasFlag(TorrentFileAttributes.Padding))
            return new(MetainfoErrorReason.Files, at, $"The {what} of the file tree is marked as padding; a v2 torrent needs none and allows none.");

        entry = fields.ToEntry(path, isPadding: false, at);
        if (entry.Length > 0 && entry.PiecesRoot.Length != MerkleTree.HashLength)
        {
            return fields.PiecesRoot.IsEmpty
                ? new(MetainfoErrorReason.MissingKey, at, $"The {what} has no \"pieces root\"; expected {MerkleTree.HashLength} bytes.")
                : new(MetainfoErrorReason.WrongType, at, $"The \"pieces root\" of the {what} is {fields.PiecesRoot.Length} bytes; expected {MerkleTree.HashLength}.");
        }

        return null;
    }

    private static string ShownName(PathName path) => ContentPath.TryMakeSafe(path.Name, out string? safe) ? safe : path.Name;

    private MetainfoError? ReadFields(ref BencodeReader reader, string what, out Fields fields, out FileEntry entry)
    {
        fields = default;
        entry = null!;
        long at = container.Offset + reader.TokenStart;
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            long keyAt = container.Offset + reader.TokenStart;
            MetainfoError? error = null;
            if (reader.ValueEquals("length"u8))
                error = ReadLength(ref reader, what, keyAt, ref fields);
            else if (reader.ValueEquals("path"u8))
                error = ReadPath(ref reader, what, "path", keyAt, ref fields.HasPath, out fields.Path);
            else if (reader.ValueEquals("path.utf-8"u8))
                error = ReadPath(ref reader, what, "path.utf-8", keyAt, ref fields.HasUtf8Path, out fields.Utf8Path);
            else if (reader.ValueEquals("symlink path"u8))
                error = ReadPath(ref reader, what, "symlink path", keyAt, ref fields.HasSymlinkPath, out fields.SymlinkPath);
            else if (reader.ValueEquals("attr"u8))
                fields.Attributes |= ReadAttributes(ReadBytes(ref reader).Span);
            else if (reader.ValueEquals("pieces root"u8) && fields.PiecesRoot.IsEmpty)
                fields.PiecesRoot = ReadBytes(ref reader);
            else
                reader.TrySkip();

            if (error is not null)
                return error;
        }

        // Symbolic links need not say that their length is 0 (BEP 47).
        if (!fields.HasLength && !fields.Attributes.HasFlag(TorrentFileAttributes.Symlink))
            return new(MetainfoErrorReason.MissingKey, at, $"The {what} has no length; expected a number of bytes under the key \"length\".");

        return null;
    }

    private MetainfoError? ReadLength(ref BencodeReader reader, string what, long keyAt, ref Fields fields)
    {
        if (fields.HasLength)
            return new(MetainfoErrorReason.DuplicateKey, keyAt, $"The {what} has two lengths; expected one.");

        reader.TryRead();
        if (!reader.TryGetInt64(out fields.Length))
            return new(MetainfoErrorReason.WrongType, container.Offset + reader.TokenStart, $"The length of the {what} is not a number; expected a number of bytes.");
        if (fields.Length < 0)
            return new(MetainfoErrorReason.FileLength, container.Offset + reader.TokenStart, $"The length of the {what} is {fields.Length}; expected 0 or more bytes.");

        fields.HasLength = true;
        return null;
    }

    private MetainfoError? ReadPath(
        ref BencodeReader reader, string what, string key, long keyAt, ref bool isKnown, out PathName? path)
    {
        path = null;
        if (isKnown)
            return new(MetainfoErrorReason.DuplicateKey, keyAt, $"The {what} has two values under the key \"{key}\"; expected one.");

        isKnown = true;
        reader.TryRead();
        if (reader.TokenType != BencodeTokenType.StartList)
            return new(MetainfoErrorReason.WrongType, container.Offset + reader.TokenStart, $"The {key} of the {what} is not a list; expected a list of names.");

        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType != BencodeTokenType.EndList)
        {
            long at = container.Offset + reader.TokenStart;
            if (reader.TokenType != BencodeTokenType.String)
                return new(MetainfoErrorReason.WrongType, at, $"The {key} of the {what} holds something that is not a name; expected strings.");
            if (path?.Depth == ContentPath.MaxDepth)
                return new(MetainfoErrorReason.Files, at, $"The {key} of the {what} has more than {ContentPath.MaxDepth} names.");

            string name = text.Decode(reader.ValueSpan, out bool isUtf8);
            path = new(path, name, isUtf8);
        }

        return null;
    }

    private ReadOnlyMemory<byte> ReadBytes(ref BencodeReader reader)
    {
        reader.TryRead();
        int length = reader.ValueSpan.Length;
        ReadOnlyMemory<byte> bytes = container.Bytes.Slice(reader.BytesConsumed - length, length);
        reader.TrySkip();
        return bytes;
    }

    private struct Fields
    {
        public long Length;
        public bool HasLength;
        public bool HasPath;
        public PathName? Path;
        public bool HasUtf8Path;
        public PathName? Utf8Path;
        public bool HasSymlinkPath;
        public PathName? SymlinkPath;
        public TorrentFileAttributes Attributes;
        public ReadOnlyMemory<byte> PiecesRoot;

        public readonly FileEntry ToEntry(PathName? path, bool isPadding, long at)
        {
            TorrentFileAttributes attributes = Attributes | (isPadding ? TorrentFileAttributes.Padding : TorrentFileAttributes.None);
            bool isLink = attributes.HasFlag(TorrentFileAttributes.Symlink);

            // A link takes up nothing, whatever length it claims; one that points nowhere is an empty file (BEP 47).
            if (isPadding || SymlinkPath is null)
                attributes &= ~TorrentFileAttributes.Symlink;

            long length = isLink ? 0 : Length;
            return new FileEntry
            {
                Path = path,
                Length = length,
                Attributes = attributes,
                SymlinkTarget = attributes.HasFlag(TorrentFileAttributes.Symlink) ? SymlinkPath : null,
                PiecesRoot = length == 0 ? default : PiecesRoot,
                InputOffset = at,
            };
        }
    }
}
