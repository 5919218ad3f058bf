namespace OurTorrent.Tracker.Requests;

/// <summary>Why a request is not answered with what it asks for.</summary>
internal enum Refusal
{
    /// <summary>It is.</summary>
    None,

    /// <summary>The torrent is not one of those this tracker serves.</summary>
    TorrentNotAllowed,

    /// <summary>The torrent is one of those this tracker does not serve.</summary>
    TorrentDenied,

    /// <summary>The tracker is private, and the announce path has no passkey.</summary>
    PasskeyMissing,

    /// <summary>The passkey was not issued here, or was revoked.</summary>
    PasskeyUnknown,

    /// <summary>Clients of this kind are not served.</summary>
    ClientBlocked,

    /// <summary>The address asks too often.</summary>
    TooManyRequests,

    /// <summary>The address has brought more new peers than honest clients have.</summary>
    TooManyNewPeers,

    /// <summary>The tracker has as many swarms as it may have.</summary>
    TooManyTorrents,

    /// <summary>The port cannot be reached by anyone (zero).</summary>
    PortInvalid,

    /// <summary>Nothing is to be answered at all: a blocked network, or one who would not slow down.</summary>
    Ignored,
}
