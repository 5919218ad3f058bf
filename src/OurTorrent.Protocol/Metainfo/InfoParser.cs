using System.Numerics;
using System.Security.Cryptography;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>Reads and checks an info dictionary of either format or both (BEP 3, BEP 52).</summary>
internal sealed class InfoParser
{
    // In the order of the alphabet, as in the dictionary. Each decides what the torrent is, so none may stand twice.
    private static readonly string[] Keys =
    [
        "attr", "file tree", "files", "length", "meta version", "name", "name.utf-8", "piece length", "pieces", "private", "source",
    ];

    private readonly RawValue _raw;
    private readonly RawDictionary _values;
    private readonly TorrentText _text;

    private int _pieceLength;
    private ReadOnlyMemory<byte> _pieces;

    private InfoParser(RawValue raw, RawDictionary values, TorrentText text)
    {
        _raw = raw;
        _values = values;
        _text = text;
    }

    /// <summary>Reads the dictionary.</summary>
    /// <param name="raw">Its bytes, one well-formed value, which are kept.</param>
    /// <param name="text">How names are written.</param>
    /// <param name="info">What it says.</param>
    public static MetainfoError? Parse(RawValue raw, TorrentText text, out InfoDictionary? info)
    {
        info = null;
        if (!raw.IsDictionary || !RawDictionary.TryRead(raw, Keys, out RawDictionary? values, out _))
            return new(MetainfoErrorReason.WrongType, raw.Offset, "The value of \"info\" is not a dictionary.");

        return new InfoParser(raw, values, text).Parse(out info);
    }

    private MetainfoError? Parse(out InfoDictionary? info)
    {
        info = null;

        // A format of the future is named as such before anything else can look wrong in it (BEP 52).
        if (ReadVersion(out bool isV2) is { } error)
            return error;
        if (_values.Repeated is [var (key, offset), ..])
            return new(MetainfoErrorReason.DuplicateKey, offset, $"The info dictionary has the key \"{key}\" twice.");
        if (ReadPieceLength(isV2) is { } pieceLengthError)
            return pieceLengthError;

        bool isV1 = !isV2 || _values["pieces"].Exists;
        PathName? name = ReadName();
        List<FileEntry> entriesV1 = [];
        List<FileEntry> entriesV2 = [];
        if (isV1 && (ReadPieces() ?? ReadFilesV1(name, out entriesV1)) is { } errorV1)
            return errorV1;
        if (isV2 && ReadFilesV2(out entriesV2) is { } errorV2)
            return errorV2;

        bool isSingleFile = !_values["files"].Exists && (isV1 || entriesV2 is [{ Path.Depth: 1 }]);
        var layout = new TorrentLayout(_pieceLength, isV1 ? entriesV1 : entriesV2, alignsFiles: !isV1);
        if ((layout.Place(_pieces.Length / InfoHash.Length, isV1) ?? (isV1 && isV2 ? layout.Merge(entriesV2) : null)) is { } layoutError)
            return layoutError;

        var hashes = new InfoHashes(
            isV1 ? new InfoHash(SHA1.HashData(_raw.Bytes.Span)) : null,
            isV2 ? new InfoHashV2(SHA256.HashData(_raw.Bytes.Span)) : null);
        string safeName = name is not null && ContentPath.TryMakeSafe(name.Name, out string? safe) ? safe : hashes.Wire.ToString();
        info = new InfoDictionary
        {
            Raw = _raw.Bytes,
            InfoHashes = hashes,
            Version = !isV2 ? TorrentVersion.V1 : isV1 ? TorrentVersion.Hybrid : TorrentVersion.V2,
            Name = safeName,
            PieceLength = _pieceLength,
            PieceCount = layout.PieceCount,
            Files = layout.Name(isSingleFile ? null : name ?? new(null, safeName, IsUtf8: true), safeName),
            IsSingleFile = isSingleFile,
            Pieces = _pieces,
            IsPrivate = _values["private"].TryGetInteger(out long isPrivate) && isPrivate != 0,
            Source = _values["source"].TryGetString(out ReadOnlyMemory<byte> source) ? _text.Decode(source.Span) : null,
        };
        return null;
    }

    private MetainfoError? ReadVersion(out bool isV2)
    {
        isV2 = false;
        RawValue value = _values["meta version"];
        if (!value.Exists)
            return null;
        if (!value.TryGetInteger(out long version))
            return new(MetainfoErrorReason.WrongType, value.Offset, "The \"meta version\" is not a number; expected 1 or 2.");
        if (version is not (1 or 2))
            return new(MetainfoErrorReason.UnsupportedVersion, value.Offset, $"The torrent is of format {version}; only the formats 1 and 2 are known.");

        isV2 = version == 2;
        return null;
    }

    private MetainfoError? ReadPieceLength(bool isV2)
    {
        RawValue value = _values["piece length"];
        if (!value.Exists)
            return Missing("piece length");
        if (!value.TryGetInteger(out long length))
            return new(MetainfoErrorReason.WrongType, value.Offset, "The \"piece length\" is not a number; expected a number of bytes.");
        if (length is <= 0 or > TorrentMetainfo.MaxPieceLength)
            return new(MetainfoErrorReason.PieceLength, value.Offset, $"The piece length is {length}; expected 1 to {TorrentMetainfo.MaxPieceLength} bytes.");
        if (isV2 && (length < MerkleTree.BlockLength || !BitOperations.IsPow2(length)))
            return new(MetainfoErrorReason.PieceLength, value.Offset, $"The piece length is {length}; a v2 torrent needs a power of two of at least {MerkleTree.BlockLength}.");

        _pieceLength = (int)length;
        return null;
    }

    private MetainfoError? ReadPieces()
    {
        RawValue value = _values["pieces"];
        if (!value.Exists)
            return Missing("pieces");
        if (!value.TryGetString(out _pieces))
            return new(MetainfoErrorReason.WrongType, value.Offset, "The value of \"pieces\" is not a string.");
        if (_pieces.Length % InfoHash.Length != 0)
            return new(MetainfoErrorReason.PieceCount, value.Offset, $"The piece hashes are {_pieces.Length} bytes; expected a multiple of {InfoHash.Length}.");

        return null;
    }

    /// <summary>The name, of which <c>name.utf-8</c> is the better spelling; null where there is none worth the name.</summary>
    private PathName? ReadName()
    {
        foreach (string key in (ReadOnlySpan<string>)["name.utf-8", "name"])
        {
            if (!_values[key].TryGetString(out ReadOnlyMemory<byte> bytes))
                continue;

            string name = _text.Decode(bytes.Span, out bool isUtf8);
            if (ContentPath.TryMakeSafe(name, out _))
                return new PathName(null, name, isUtf8);
        }

        return null;
    }

    private MetainfoError? ReadFilesV1(PathName? name, out List<FileEntry> entries)
    {
        // Where both stand, "files" decides, as it does in the clients in use.
        RawValue files = _values["files"];
        if (files.Exists)
            return FileListReader.Read(files, _text, out entries);

        entries = [];
        RawValue value = _values["length"];
        if (!value.Exists)
            return new(MetainfoErrorReason.MissingKey, _raw.Offset, "The info dictionary has neither \"length\" nor \"files\".");
        if (!value.TryGetInteger(out long length))
            return new(MetainfoErrorReason.WrongType, value.Offset, "The \"length\" is not a number; expected a number of bytes.");
        if (length < 0)
            return new(MetainfoErrorReason.FileLength, value.Offset, $"The length of the file is {length}; expected 0 or more bytes.");

        // One file alone is neither padding nor a link to another.
        _values["attr"].TryGetString(out ReadOnlyMemory<byte> letters);
        entries.Add(new FileEntry
        {
            Path = name,
            Length = length,
            Attributes = FileEntryReader.ReadAttributes(letters.Span) & (TorrentFileAttributes.Executable | TorrentFileAttributes.Hidden),
            InputOffset = value.Offset,
        });
        return null;
    }

    private MetainfoError? ReadFilesV2(out List<FileEntry> entries)
    {
        entries = [];
        RawValue tree = _values["file tree"];
        return tree.Exists ? FileTreeReader.Read(tree, _text, out entries) : Missing("file tree");
    }

    private MetainfoError Missing(string key) =>
        new(MetainfoErrorReason.MissingKey, _raw.Offset, $"The info dictionary has no \"{key}\".");
}
