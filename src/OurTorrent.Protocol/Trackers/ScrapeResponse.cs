namespace OurTorrent.Protocol.Trackers;

/// <summary>What a tracker answers to a scrape, from UDP or HTTP (BEP 15, BEP 48).</summary>
public sealed record ScrapeResponse
{
    /// <summary>The swarms the tracker knows, by info-hash. An HTTP tracker leaves out what it does not know.</summary>
    public required IReadOnlyDictionary<InfoHash, ScrapeEntry> Entries { get; init; }
}
