using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Udp;

/// <summary>Swarms that answer what a test has put down, and remember what they were asked last. Several threads may ask; allocates nothing.</summary>
internal sealed class CannedSwarms : ISwarmStore
{
    public PeerAnnounce Announced { get; private set; }

    /// <summary>How many peers the last announce had room for.</summary>
    public int Wanted { get; private set; }

    public InfoHash Prefetched { get; private set; }

    /// <summary>How many peers there are to give.</summary>
    public int Peers { get; init; } = 3;

    public AnnounceStatus Status { get; init; }

    public SwarmCounts Counts { get; init; } = new(Seeders: 5, Leechers: 7, PartialSeeds: 1, Completed: 11);

    /// <summary>The one swarm that is not known.</summary>
    public InfoHash Unknown { get; init; }

    /// <summary>Called for each announce, on the thread that takes it.</summary>
    public Action? WhenAnnounced { get; set; }

    public SwarmTotals Totals => default;

    public PersistenceStatus Persistence => PersistenceStatus.None;

    /// <summary>The peer that is given as the first, second and so on.</summary>
    public static CompactPeer Peer(int index, bool isIPv6) =>
        isIPv6 ? CompactPeer.FromIPv6(new UInt128(0x20010db800000000, (uint)index), 6881) : CompactPeer.FromIPv4(0xc6336400 + (uint)index, 6881);

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Prefetch(in InfoHash infoHash, in CompactPeer peer, bool isSeeder, int step) => Prefetched = infoHash;

    public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers)
    {
        Announced = announce;
        WhenAnnounced?.Invoke();
        Wanted = (ipv4Peers.Length / CompactPeer.IPv4Length) + (ipv6Peers.Length / CompactPeer.IPv6Length);
        return new(Status, PeerChange.None, IsNewTorrent: false, Counts, Fill(ipv4Peers, isIPv6: false), Fill(ipv6Peers, isIPv6: true));
    }

    public SwarmCounts Scrape(in InfoHash infoHash) => infoHash == Unknown ? default : Counts;

    public IEnumerable<SwarmSummary> Enumerate() => [];

    public IReadOnlyList<SwarmSummary> Busiest(int count) => [];

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;

    private int Fill(Span<byte> peers, bool isIPv6)
    {
        int written = 0;
        for (int i = 0; i < Peers; i++)
        {
            CompactPeer peer = Peer(i, isIPv6);
            if (peers.Length - written < peer.WireLength)
                break;
            peer.Write(peers[written..]);
            written += peer.WireLength;
        }

        return written;
    }
}
