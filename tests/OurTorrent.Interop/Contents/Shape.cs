namespace OurTorrent.Interop.Contents;

/// <summary>What kind of torrent is shared.</summary>
public enum Shape
{
    /// <summary>One file, that fills its last piece.</summary>
    SingleFile,

    /// <summary>One file, whose last piece is a single byte.</summary>
    ShortLastPiece,

    /// <summary>Folders in folders, sizes that fit nothing, spaces, and names from beyond ASCII.</summary>
    ManyNestedFiles,

    /// <summary>Empty files among others.</summary>
    EmptyFiles,

    /// <summary>Files on piece boundaries, with padding between them (BEP 47).</summary>
    PadFiles,

    /// <summary>The same, made by libtorrent.</summary>
    PadFilesOfLibTorrent,

    /// <summary>Peers may come from the trackers only, or be given by hand (BEP 27).</summary>
    Private,

    /// <summary>Version 1 and 2 in one (BEP 52).</summary>
    Hybrid,

    /// <summary>The same, made by libtorrent.</summary>
    HybridOfLibTorrent,

    /// <summary>Only version 2 (BEP 52).</summary>
    V2,

    /// <summary>The same, made by libtorrent.</summary>
    V2OfLibTorrent,
}
