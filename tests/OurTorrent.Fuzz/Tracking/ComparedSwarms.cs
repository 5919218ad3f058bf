using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Tests.Swarms;

namespace OurTorrent.Fuzz.Tracking;

/// <summary>The swarms of a tracker, held against those of the plainest store there is.</summary>
internal sealed class ComparedSwarms(TimeProvider time) : ISwarmStore
{
    private readonly MemorySwarmStore _swarms = new(new MemorySwarmStoreOptions { PeerLifetime = TimeSpan.FromDays(1), TimeProvider = time }, new Random(1));
    private readonly NaiveSwarmStore _plain = new();
    private readonly byte[] _all = new byte[64 * 1024];

    /// <summary>How many announces there have been.</summary>
    public int Announces { get; private set; }

    public PeerAnnounce Announced { get; private set; }

    public SwarmTotals Totals => _swarms.Totals;

    public PersistenceStatus Persistence => PersistenceStatus.None;

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Prefetch(in InfoHash infoHash, in CompactPeer peer, bool isSeeder, int step) => _swarms.Prefetch(infoHash, peer, isSeeder, step);

    public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers)
    {
        Announces++;
        Announced = announce;
        bool isIPv6 = announce.Peer.IsIPv6;
        Promise.That((isIPv6 ? ipv4Peers : ipv6Peers).IsEmpty, "a client is given peers it can reach");
        AnnounceResult plain = _plain.Announce(announce, isIPv6 ? [] : _all, isIPv6 ? _all : []);
        AnnounceResult result = _swarms.Announce(announce, ipv4Peers, ipv6Peers);
        Promise.Same((plain.Status, plain.Change, plain.Counts), (result.Status, result.Change, result.Counts), "counts and changes are those of the plain store");

        // The plain store remembers swarms that everybody has left for ever.
        Promise.That(result.IsNewTorrent || !plain.IsNewTorrent, "a swarm nobody has named is new");

        var all = new CompactPeers(_all.AsSpan(0, plain.IPv4Bytes + plain.IPv6Bytes), isIPv6);
        var given = new CompactPeers(isIPv6 ? ipv6Peers[..result.IPv6Bytes] : ipv4Peers[..result.IPv4Bytes], isIPv6);
        HashSet<CompactPeer> known = [];
        foreach (CompactPeer peer in all)
            known.Add(peer);
        foreach (CompactPeer peer in given)
            Promise.That(known.Remove(peer), "a peer that is given is one of the swarm, and is given once");
        return result;
    }

    public SwarmCounts Scrape(in InfoHash infoHash)
    {
        SwarmCounts counts = _swarms.Scrape(infoHash);
        Promise.Same(_plain.Scrape(infoHash), counts, "counts are those of the plain store");
        return counts;
    }

    public IEnumerable<SwarmSummary> Enumerate() => _swarms.Enumerate();

    public IReadOnlyList<SwarmSummary> Busiest(int count) => _swarms.Busiest(count);

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _swarms.DisposeAsync();
}
