namespace OurTorrent.Protocol.Metainfo;

/// <summary>One file of a torrent.</summary>
public sealed class TorrentFile
{
    internal TorrentFile(
        int index,
        IReadOnlyList<string> path,
        IReadOnlyList<string> exactPath,
        long length,
        long offset,
        TorrentFileAttributes attributes,
        IReadOnlyList<string>? symlinkTarget,
        ReadOnlyMemory<byte> piecesRoot,
        int pieceLength)
    {
        Index = index;
        Path = path;
        ExactPath = exactPath;
        Length = length;
        Offset = offset;
        Attributes = attributes;
        SymlinkTarget = symlinkTarget;
        PiecesRoot = piecesRoot;
        EndPiece = (int)((offset + length + pieceLength - 1) / pieceLength);
        FirstPiece = length == 0 ? EndPiece : (int)(offset / pieceLength);
    }

    /// <summary>The position in <see cref="TorrentMetainfo.Files"/>, by which magnet links select files (BEP 53).</summary>
    public int Index { get; }

    /// <summary>
    /// The names of the directories and of the file, relative to the download folder; a multi-file torrent's begin with
    /// the torrent's name. Every one is safe for every platform's file system, and no two files share a path, also where
    /// upper and lower case are the same. Not unique for padding files, which are never written.
    /// </summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>
    /// The path as the torrent writes it where a case-sensitive Unix file system could hold that and it leads nowhere
    /// else, otherwise <see cref="Path"/>: for finding content that another program left under its original names.
    /// No exact path is another file's <see cref="Path"/> or exact path.
    /// </summary>
    public IReadOnlyList<string> ExactPath { get; }

    /// <summary>The path for a person to read, with slashes.</summary>
    public string DisplayPath => string.Join('/', Path);

    /// <summary>The length in bytes.</summary>
    public long Length { get; }

    /// <summary>Where the file begins in the torrent's byte space, in which piece <c>p</c> begins at <c>p</c> times the piece length.</summary>
    public long Offset { get; }

    /// <summary>What else the torrent says about the file (BEP 47).</summary>
    public TorrentFileAttributes Attributes { get; }

    /// <summary>Whether the file is padding, which is not content: zeros that nobody needs to send or write (BEP 47).</summary>
    public bool IsPadding => Attributes.HasFlag(TorrentFileAttributes.Padding);

    /// <summary>
    /// Where a symbolic link points: safe names relative to the download folder, as in <see cref="Path"/>; null for
    /// other files. The target need not exist (BEP 47).
    /// </summary>
    public IReadOnlyList<string>? SymlinkTarget { get; }

    /// <summary>The 32-byte root of the file's hash tree (BEP 52); empty for a v1 torrent, an empty file or padding.</summary>
    public ReadOnlyMemory<byte> PiecesRoot { get; }

    /// <summary>The piece in which the file begins; for an empty file the next piece to begin.</summary>
    public int FirstPiece { get; }

    /// <summary>The piece after the last one that holds a byte of the file; <see cref="FirstPiece"/> for an empty file.</summary>
    public int EndPiece { get; }

    /// <inheritdoc/>
    public override string ToString() => DisplayPath;
}
