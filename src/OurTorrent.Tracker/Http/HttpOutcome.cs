namespace OurTorrent.Tracker.Http;

/// <summary>What has become of a request.</summary>
internal enum HttpOutcome
{
    /// <summary>It was no request of the tracker protocol; nothing has been written.</summary>
    NotFound,

    /// <summary>The answer to an announce has been written.</summary>
    Announced,

    /// <summary>The answer to a scrape has been written.</summary>
    Scraped,

    /// <summary>A refusal has been written.</summary>
    Refused,

    /// <summary>A refusal has been written, as the request could not be understood.</summary>
    Malformed,

    /// <summary>Nothing is to be answered at all; the connection is to be closed.</summary>
    Ignored,

    /// <summary>All swarms are to be listed; nothing has been written yet.</summary>
    FullScrape,
}
