namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// Who shares what. Every call but the asynchronous ones answers from memory and never waits for a disk or a network, and all may be
/// made from any thread. What outlives the process is written behind.
/// </summary>
public interface ISwarmStore : IAsyncDisposable
{
    /// <summary>What all swarms hold together.</summary>
    SwarmTotals Totals { get; }

    /// <summary>How the store that outlives the process is doing; <see cref="PersistenceStatus.None"/> where there is none.</summary>
    PersistenceStatus Persistence { get; }

    /// <summary>Brings back what was kept. Called once, before anything else.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmStoreException">What was kept cannot be read, or is not ours to read.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A hint that an announce is about to come, so that memory can be fetched meanwhile. Called for each announce of a batch with
    /// step 0, then for each with step 1, then for each with step 2: a step reads what the one before has fetched.
    /// </summary>
    /// <param name="infoHash">The swarm.</param>
    /// <param name="peer">The peer that announces.</param>
    /// <param name="isSeeder">Whether it has the whole content.</param>
    /// <param name="step">0, 1 or 2.</param>
    void Prefetch(in InfoHash infoHash, in CompactPeer peer, bool isSeeder, int step)
    {
    }

    /// <summary>
    /// Takes note of a peer and chooses others for it, at random, never the peer itself: leechers for a seeder and for a partial
    /// seed, leechers and seeders for a leecher, none for one that stops.
    /// </summary>
    /// <param name="announce">What the peer says.</param>
    /// <param name="ipv4Peers">Where IPv4 peers are written, 6 bytes each; its length says how many are wanted.</param>
    /// <param name="ipv6Peers">Where IPv6 peers are written, 18 bytes each; its length says how many are wanted.</param>
    AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers);

    /// <summary>The counts of a swarm; all zero for one that is not known.</summary>
    /// <param name="infoHash">The swarm.</param>
    /// <returns>The counts.</returns>
    SwarmCounts Scrape(in InfoHash infoHash);

    /// <summary>Hands out every swarm, a few at a time; those that come and go meanwhile may be missed.</summary>
    IEnumerable<SwarmSummary> Enumerate();

    /// <summary>The swarms with the most peers, the largest first.</summary>
    /// <param name="count">How many.</param>
    IReadOnlyList<SwarmSummary> Busiest(int count);

    /// <summary>Returns when all that happened before the call would outlive the process.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task FlushAsync(CancellationToken cancellationToken);
}
