namespace OurTorrent;

/// <summary>Why a torrent cannot go on.</summary>
public enum TorrentErrorKind
{
    /// <summary>Content could not be read.</summary>
    CannotRead,

    /// <summary>Content could not be written.</summary>
    CannotWrite,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The torrent was stopped or removed before its content was complete.</summary>
    Stopped,

    /// <summary>Something failed that should not have: a defect of this library.</summary>
    Internal,
}

/// <summary>A torrent has stopped before it was complete.</summary>
/// <param name="kind">What kind of error it was.</param>
/// <param name="message">What failed, on what, why, and what to do.</param>
/// <param name="innerException">The error below, if there is one.</param>
public sealed class TorrentException(TorrentErrorKind kind, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of error it was.</summary>
    public TorrentErrorKind Kind { get; } = kind;
}
