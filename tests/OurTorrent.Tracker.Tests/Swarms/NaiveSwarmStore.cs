using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>The swarms in the plainest way: what the real stores must agree with.</summary>
internal sealed class NaiveSwarmStore(int maxTorrents = int.MaxValue, int maxPeersPerTorrent = int.MaxValue) : ISwarmStore
{
    private readonly Dictionary<InfoHash, NaiveSwarm> _swarms = [];

    public SwarmTotals Totals
    {
        get
        {
            lock (_swarms)
            {
                SwarmCounts[] counts = [.. _swarms.Values.Select(swarm => swarm.Counts)];
                return new SwarmTotals(
                    counts.Count(count => count.Seeders + count.Leechers > 0),
                    counts.Sum(count => count.Seeders),
                    counts.Sum(count => count.Leechers),
                    _swarms.Values.Sum(swarm => swarm.Peers.Keys.Count(peer => peer.IsIPv6)),
                    counts.Sum(count => count.Completed),
                    MemoryBytes: 0);
            }
        }
    }

    public PersistenceStatus Persistence => PersistenceStatus.None;

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers)
    {
        lock (_swarms)
        {
            bool stops = announce.Event == AnnounceEvent.Stopped;
            bool isNew = !_swarms.TryGetValue(announce.InfoHash, out NaiveSwarm? swarm);
            if (isNew)
            {
                if (stops)
                    return default;
                if (_swarms.Count >= maxTorrents)
                    return new AnnounceResult(AnnounceStatus.TooManyTorrents, default, false, default, 0, 0);
                swarm = _swarms[announce.InfoHash] = new NaiveSwarm();
            }

            bool isKnown = swarm!.Peers.TryGetValue(announce.Peer, out (uint Key, PeerKind Kind) known);
            if (stops)
            {
                bool isIts = isKnown && known.Key == announce.Key && swarm.Peers.Remove(announce.Peer);
                return new AnnounceResult(AnnounceStatus.Accepted, isIts ? PeerChange.Left : PeerChange.None, false, swarm.Counts, 0, 0);
            }

            PeerKind kind = announce.IsSeeder ? PeerKind.Seeder : announce.Event == AnnounceEvent.Paused ? PeerKind.PartialSeed : PeerKind.Leecher;
            AnnounceStatus status = AnnounceStatus.Accepted;
            PeerChange change = PeerChange.None;
            if (!isKnown && swarm.Peers.Count >= maxPeersPerTorrent)
            {
                status = AnnounceStatus.TooManyPeers;
            }
            else
            {
                bool completes = kind == PeerKind.Seeder && announce.Event == AnnounceEvent.Completed && known.Kind != PeerKind.Seeder;
                swarm.Completed += completes ? 1 : 0;
                change = !isKnown ? PeerChange.Joined : completes ? PeerChange.Completed : PeerChange.None;
                swarm.Peers[announce.Peer] = (announce.Key, kind);
            }

            CompactPeer self = announce.Peer;
            CompactPeer[] others = [.. swarm.Peers.Where(peer => peer.Key != self && (kind == PeerKind.Leecher || peer.Value.Kind == PeerKind.Leecher)).Select(peer => peer.Key)];
            return new AnnounceResult(
                status, change, isNew, swarm.Counts, Write(others.Where(peer => !peer.IsIPv6), ipv4Peers), Write(others.Where(peer => peer.IsIPv6), ipv6Peers));
        }
    }

    public SwarmCounts Scrape(in InfoHash infoHash)
    {
        lock (_swarms)
            return _swarms.TryGetValue(infoHash, out NaiveSwarm? swarm) ? swarm.Counts : default;
    }

    public IEnumerable<SwarmSummary> Enumerate()
    {
        lock (_swarms)
            return [.. _swarms.Select(swarm => new SwarmSummary(swarm.Key, swarm.Value.Counts)).Where(swarm => swarm.Counts != default)];
    }

    public IReadOnlyList<SwarmSummary> Busiest(int count) =>
        [.. Enumerate().Where(swarm => swarm.Counts.Seeders + swarm.Counts.Leechers > 0).OrderByDescending(swarm => swarm.Counts.Seeders + swarm.Counts.Leechers).Take(count)];

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static int Write(IEnumerable<CompactPeer> peers, Span<byte> destination)
    {
        int written = 0;
        foreach (CompactPeer peer in peers)
        {
            if (written + peer.WireLength > destination.Length)
                break;

            peer.Write(destination[written..]);
            written += peer.WireLength;
        }

        return written;
    }

    private sealed class NaiveSwarm
    {
        public Dictionary<CompactPeer, (uint Key, PeerKind Kind)> Peers { get; } = [];

        public int Completed { get; set; }

        public SwarmCounts Counts => new(Of(PeerKind.Seeder), Of(PeerKind.Leecher) + Of(PeerKind.PartialSeed), Of(PeerKind.PartialSeed), Completed);

        private int Of(PeerKind kind) => Peers.Values.Count(peer => peer.Kind == kind);
    }
}
