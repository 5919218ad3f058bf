namespace OurTorrent.Storage;

/// <summary>What kind of thing went wrong with the content on disk.</summary>
public enum StorageFailure
{
    /// <summary>A read failed.</summary>
    ReadFailed,

    /// <summary>A write failed.</summary>
    WriteFailed,

    /// <summary>A file, or the folder it belongs in, does not exist or ends too early.</summary>
    NotFound,

    /// <summary>The system refuses access, or the storage is only for reading.</summary>
    AccessDenied,

    /// <summary>The disk, or the user's share of it, is full.</summary>
    DiskFull,

    /// <summary>A file stands where a folder is needed.</summary>
    NotADirectory,

    /// <summary>A folder, or something else that holds no bytes, stands where a file is needed.</summary>
    NotAFile,

    /// <summary>The path leads out of the content's folder through a symbolic link.</summary>
    OutsideDirectory,

    /// <summary>The storage was closed.</summary>
    Closed,
}
