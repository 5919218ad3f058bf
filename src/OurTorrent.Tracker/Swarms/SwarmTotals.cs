namespace OurTorrent.Tracker.Swarms;

/// <summary>What all swarms hold together.</summary>
/// <param name="Torrents">Swarms with at least one peer.</param>
/// <param name="Seeders">Peers with the whole content; a peer counts once in each of its swarms.</param>
/// <param name="Leechers">All other peers.</param>
/// <param name="IPv6Peers">How many of the peers are IPv6 ones.</param>
/// <param name="Completed">Downloads completed.</param>
/// <param name="MemoryBytes">Bytes of memory taken by swarms and peers.</param>
public readonly record struct SwarmTotals(long Torrents, long Seeders, long Leechers, long IPv6Peers, long Completed, long MemoryBytes)
{
    /// <summary>All peers.</summary>
    public long Peers => Seeders + Leechers;
}
