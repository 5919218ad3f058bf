namespace OurTorrent.Tracker.Http;

/// <summary>What is wrong with the query of a request.</summary>
internal enum QueryError
{
    None,
    InfoHashMissing,
    InfoHashInvalid,
    InfoHashRepeated,
    PeerIdMissing,
    PeerIdInvalid,
    PeerIdRepeated,
    PortMissing,
    PortInvalid,
    PortRepeated,
    LeftInvalid,
    EventInvalid,
    FullScrapeRefused,
}
