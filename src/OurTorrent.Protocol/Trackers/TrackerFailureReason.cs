namespace OurTorrent.Protocol.Trackers;

/// <summary>Why a tracker could not be asked, or gave no use of its answer.</summary>
public enum TrackerFailureReason
{
    /// <summary>The tracker answered with a failure of its own.</summary>
    Refused,

    /// <summary>The answer is not what the protocol demands.</summary>
    InvalidResponse,

    /// <summary>The answer is longer than the limit.</summary>
    ResponseTooLarge,

    /// <summary>The HTTP server answered with an error status.</summary>
    HttpStatus,

    /// <summary>No answer came in time.</summary>
    TimedOut,

    /// <summary>The host could not be reached, or closed the connection.</summary>
    Unreachable,

    /// <summary>The host name is not known.</summary>
    NameNotResolved,

    /// <summary>The URL is not one.</summary>
    InvalidUrl,

    /// <summary>The URL's scheme is not <c>udp</c>, <c>http</c> or <c>https</c>.</summary>
    UnsupportedScheme,

    /// <summary>The tracker has no scrape: its URL gives no way to derive one (BEP 48).</summary>
    ScrapeUnsupported,

    /// <summary>The client was closed before the answer came.</summary>
    Closed,
}
