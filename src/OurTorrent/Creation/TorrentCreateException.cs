namespace OurTorrent.Creation;

/// <summary>No torrent could be made of a file or folder. Says why, and names what is in the way.</summary>
public sealed class TorrentCreateException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="path">The file or folder that is in the way.</param>
    /// <param name="message">What is wrong with it, for a person to read.</param>
    /// <param name="innerException">What the system said, where it was asked.</param>
    public TorrentCreateException(TorrentCreateErrorKind kind, string path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Path = path;
    }

    /// <summary>Why.</summary>
    public TorrentCreateErrorKind Kind { get; }

    /// <summary>The file or folder that is in the way.</summary>
    public string Path { get; }
}
