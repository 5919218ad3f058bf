namespace OurTorrent.Tracker.Http;

/// <summary>What the target of a request line asks for.</summary>
internal enum TrackerPath
{
    /// <summary>Neither of the two.</summary>
    Other,

    /// <summary><c>/announce</c>, <c>/PASSKEY/announce</c> or <c>/announce/PASSKEY</c>.</summary>
    Announce,

    /// <summary><c>/scrape</c>, <c>/PASSKEY/scrape</c> or <c>/scrape/PASSKEY</c>.</summary>
    Scrape,
}
