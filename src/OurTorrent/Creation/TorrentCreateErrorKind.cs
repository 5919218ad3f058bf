namespace OurTorrent.Creation;

/// <summary>Why no torrent could be made of a file or folder.</summary>
public enum TorrentCreateErrorKind
{
    /// <summary>There is no such file or folder.</summary>
    NotFound,

    /// <summary>A file or folder cannot be read.</summary>
    CannotRead,

    /// <summary>A file was changed while it was hashed.</summary>
    Changed,

    /// <summary>There is nothing to share: no file, or only empty ones.</summary>
    NoContent,

    /// <summary>A symbolic link leads nowhere, to a folder, or out of the folder that is shared.</summary>
    UnusableLink,

    /// <summary>A pipe, socket or device, which has no content to share.</summary>
    SpecialFile,

    /// <summary>A name that cannot stand in a torrent.</summary>
    UnusableName,

    /// <summary>The content has too many pieces or too many folders within each other.</summary>
    TooLarge,
}
