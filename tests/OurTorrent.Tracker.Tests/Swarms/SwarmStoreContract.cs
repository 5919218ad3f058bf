using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>What every swarm store owes, whatever it keeps its swarms in.</summary>
public abstract class SwarmStoreContract : IAsyncLifetime
{
    private protected static readonly InfoHash First = HashOf(1);
    private protected static readonly InfoHash Second = HashOf(2);

    private readonly byte[] _ipv4 = new byte[200 * CompactPeer.IPv4Length];
    private readonly byte[] _ipv6 = new byte[200 * CompactPeer.IPv6Length];
    private ISwarmStore? _store;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private protected MemorySwarmStoreOptions Options { get; set; } = new();

    private protected ISwarmStore Store
    {
        get => _store!;
        set => _store = value;
    }

    public virtual async ValueTask InitializeAsync()
    {
        Options = Options with { TimeProvider = Time };
        await BeginAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_swarm_that_nobody_has_announced_counts_nothing()
    {
        Assert.Equal(default, Store.Scrape(First));
        Assert.Empty(Store.Enumerate());
        Assert.Empty(Store.Busiest(10));
        Assert.Equal(0, Store.Totals.Torrents);
    }

    [Fact]
    public void The_first_peer_begins_the_swarm_and_is_counted()
    {
        AnnounceResult result = Announce(First, PeerOf(1));
        Assert.Equal(new AnnounceResult(AnnounceStatus.Accepted, PeerChange.Joined, IsNewTorrent: true, new SwarmCounts(0, 1, 0, 0), 0, 0), result);
    }

    [Fact]
    public void A_peer_that_announces_again_is_the_same_peer()
    {
        Announce(First, PeerOf(1));
        AnnounceResult again = Announce(First, PeerOf(1), AnnounceEvent.None);
        Assert.Equal((PeerChange.None, false), (again.Change, again.IsNewTorrent));
        Assert.Equal(new SwarmCounts(0, 1, 0, 0), Store.Scrape(First));
    }

    [Fact]
    public void A_peer_on_another_port_is_another_peer()
    {
        Announce(First, PeerOf(1, 1000));
        Announce(First, PeerOf(1, 1001));
        Assert.Equal(new SwarmCounts(0, 2, 0, 0), Store.Scrape(First));
    }

    [Fact]
    public void A_leecher_is_given_seeders_and_leechers()
    {
        Announce(First, PeerOf(1), isSeeder: true);
        Announce(First, PeerOf(2));
        Announce(First, PeerOf(3));
        Assert.Equal([PeerOf(1), PeerOf(2)], PeersGivenTo(First, PeerOf(3)));
    }

    [Fact]
    public void A_seeder_is_given_leechers_alone()
    {
        Announce(First, PeerOf(1), isSeeder: true);
        Announce(First, PeerOf(2));
        Assert.Equal([PeerOf(2)], PeersGivenTo(First, PeerOf(3), isSeeder: true));
    }

    [Fact]
    public void A_partial_seed_is_given_leechers_and_no_seeder()
    {
        Announce(First, PeerOf(1), isSeeder: true);
        Announce(First, PeerOf(2));
        Assert.Equal([PeerOf(2)], PeersGivenTo(First, PeerOf(3), announceEvent: AnnounceEvent.Paused));
    }

    [Fact]
    public void A_partial_seed_counts_as_a_leecher_and_on_its_own()
    {
        Announce(First, PeerOf(1), AnnounceEvent.Paused);
        Assert.Equal(new SwarmCounts(0, 1, 1, 0), Store.Scrape(First));
        Announce(First, PeerOf(1), AnnounceEvent.None);
        Assert.Equal(new SwarmCounts(0, 1, 0, 0), Store.Scrape(First));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_peer_is_never_given_itself(bool isSeeder)
    {
        Announce(First, PeerOf(1));
        Announce(First, PeerOf(2));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal([PeerOf(2)], PeersGivenTo(First, PeerOf(1), isSeeder));
            Announce(First, PeerOf(1));
        }
    }

    [Fact]
    public void No_more_peers_are_given_than_are_wanted_and_none_twice()
    {
        for (int i = 0; i < 300; i++)
            Announce(First, PeerOf(i), isSeeder: i % 3 == 0);
        for (int wanted = 0; wanted <= 60; wanted++)
        {
            IReadOnlyList<CompactPeer> peers = PeersGivenTo(First, PeerOf(1), ipv4Wanted: wanted);
            Assert.Equal(wanted, peers.Count);
            Assert.Equal(wanted, peers.Distinct().Count());
        }
    }

    [Fact]
    public void All_are_given_where_there_are_no_more_than_wanted()
    {
        for (int i = 0; i < 40; i++)
            Announce(First, PeerOf(i), isSeeder: i % 3 == 0);
        Assert.Equal(39, PeersGivenTo(First, PeerOf(1), ipv4Wanted: 50).Distinct().Count());
    }

    [Fact]
    public void Everybody_is_given_to_somebody()
    {
        const int Peers = 500;
        var given = new HashSet<CompactPeer>();
        for (int i = 0; i < Peers; i++)
            Announce(First, PeerOf(i), isSeeder: i % 2 == 0);

        // Each is chosen with a chance of 1 in 50 each time: 3,000 times without it happen once in 10^26.
        for (int i = 0; i < 3000; i++)
            given.UnionWith(PeersGivenTo(First, PeerOf((2 * (i % 250)) + 1), ipv4Wanted: 10));
        Assert.Equal(Peers, given.Count);
    }

    [Fact]
    public void Both_address_families_are_given_as_wanted()
    {
        for (int i = 0; i < 20; i++)
        {
            Announce(First, PeerOf(i));
            Announce(First, IPv6PeerOf(i));
        }

        Assert.Equal(40, Store.Scrape(First).Leechers);
        Assert.Equal(20, Store.Totals.IPv6Peers);
        IReadOnlyList<CompactPeer> peers = PeersGivenTo(First, PeerOf(1), ipv4Wanted: 5, ipv6Wanted: 7);
        Assert.Equal((5, 7), (peers.Count(peer => !peer.IsIPv6), peers.Count(peer => peer.IsIPv6)));
        Assert.All(PeersGivenTo(First, IPv6PeerOf(1), ipv4Wanted: 0, ipv6Wanted: 50), peer => Assert.True(peer.IsIPv6));
        Assert.DoesNotContain(IPv6PeerOf(1), PeersGivenTo(First, IPv6PeerOf(1), ipv4Wanted: 50, ipv6Wanted: 50));
    }

    [Fact]
    public void A_peer_that_stops_is_gone_and_is_given_nobody()
    {
        Announce(First, PeerOf(1));
        Announce(First, PeerOf(2));
        AnnounceResult result = Announce(First, PeerOf(1), AnnounceEvent.Stopped);
        Assert.Equal(new AnnounceResult(AnnounceStatus.Accepted, PeerChange.Left, false, new SwarmCounts(0, 1, 0, 0), 0, 0), result);
        Assert.Empty(PeersGivenTo(First, PeerOf(2)));
    }

    [Fact]
    public void Nobody_with_another_key_can_stop_a_peer()
    {
        Announce(First, PeerOf(1), key: 7);
        AnnounceResult result = Announce(First, PeerOf(1), AnnounceEvent.Stopped, key: 8);
        Assert.Equal(PeerChange.None, result.Change);
        Assert.Equal(1, Store.Scrape(First).Leechers);
    }

    [Fact]
    public void A_client_with_another_key_takes_over_its_address()
    {
        Announce(First, PeerOf(1), key: 7);
        Announce(First, PeerOf(1), key: 8);
        Assert.Equal(1, Store.Scrape(First).Leechers);
        Assert.Equal(PeerChange.None, Announce(First, PeerOf(1), AnnounceEvent.Stopped, key: 7).Change);
        Assert.Equal(PeerChange.Left, Announce(First, PeerOf(1), AnnounceEvent.Stopped, key: 8).Change);
    }

    [Fact]
    public void One_that_stops_without_having_been_there_leaves_no_trace()
    {
        AnnounceResult result = Announce(First, PeerOf(1), AnnounceEvent.Stopped);
        Assert.Equal((PeerChange.None, default), (result.Change, result.Counts));
        Assert.Empty(Store.Enumerate());
        Assert.Equal(0, Store.Totals.Torrents);
    }

    [Fact]
    public void A_download_that_completes_is_counted_once()
    {
        Announce(First, PeerOf(1));
        Assert.Equal(PeerChange.Completed, Announce(First, PeerOf(1), AnnounceEvent.Completed, isSeeder: true).Change);
        Assert.Equal(PeerChange.None, Announce(First, PeerOf(1), AnnounceEvent.Completed, isSeeder: true).Change);
        Assert.Equal(new SwarmCounts(1, 0, 0, 1), Store.Scrape(First));
        Assert.Equal(1, Store.Totals.Completed);
    }

    [Fact]
    public void A_peer_that_says_completed_and_is_not_has_not_completed()
    {
        Announce(First, PeerOf(1));
        Announce(First, PeerOf(1), AnnounceEvent.Completed, isSeeder: false);
        Assert.Equal(new SwarmCounts(0, 1, 0, 0), Store.Scrape(First));
    }

    [Fact]
    public void Completed_downloads_are_remembered_when_everybody_has_left()
    {
        Announce(First, PeerOf(1));
        Announce(First, PeerOf(1), AnnounceEvent.Completed, isSeeder: true);
        Announce(First, PeerOf(1), AnnounceEvent.Stopped, isSeeder: true);
        Assert.Equal(new SwarmCounts(0, 0, 0, 1), Store.Scrape(First));
        Assert.Equal(0, Store.Totals.Torrents);
    }

    [Fact]
    public void Swarms_have_nothing_to_do_with_each_other()
    {
        Announce(First, PeerOf(1), isSeeder: true);
        Announce(Second, PeerOf(1));
        Assert.Equal([PeerOf(1)], PeersGivenTo(Second, PeerOf(2)));
        Announce(Second, PeerOf(1), AnnounceEvent.Stopped);
        Assert.Equal(new SwarmCounts(1, 0, 0, 0), Store.Scrape(First));
    }

    [Fact]
    public void Totals_and_lists_agree_with_the_swarms()
    {
        for (int swarm = 0; swarm < 30; swarm++)
        {
            for (int peer = 0; peer <= swarm; peer++)
                Announce(HashOf(swarm), PeerOf(peer), isSeeder: peer % 2 == 0);
        }

        SwarmTotals totals = Store.Totals;
        Assert.Equal((30, 30 * 31 / 2), (totals.Torrents, totals.Peers));
        SwarmSummary[] all = [.. Store.Enumerate()];
        Assert.Equal(30, all.Length);
        Assert.Equal(totals.Seeders, all.Sum(swarm => swarm.Counts.Seeders));
        Assert.All(all, swarm => Assert.Equal(Store.Scrape(swarm.InfoHash), swarm.Counts));
        Assert.Equal(
            [HashOf(29), HashOf(28), HashOf(27)],
            Store.Busiest(3).Select(swarm => swarm.InfoHash));
    }

    [Fact]
    public async Task There_are_no_more_swarms_than_there_may_be()
    {
        await BeginAsync(Options with { MaxTorrents = 2 });
        Announce(HashOf(1), PeerOf(1));
        Announce(HashOf(2), PeerOf(1));
        Assert.Equal(AnnounceStatus.TooManyTorrents, Announce(HashOf(3), PeerOf(1)).Status);
        Assert.Equal(AnnounceStatus.Accepted, Announce(HashOf(2), PeerOf(2)).Status);
        Assert.Equal(default, Store.Scrape(HashOf(3)));
    }

    [Fact]
    public async Task There_are_no_more_peers_in_a_swarm_than_there_may_be()
    {
        await BeginAsync(Options with { MaxPeersPerTorrent = 2 });
        Announce(First, PeerOf(1));
        Announce(First, PeerOf(2));
        AnnounceResult third = Announce(First, PeerOf(3));
        Assert.Equal(AnnounceStatus.TooManyPeers, third.Status);
        Assert.Equal(2 * CompactPeer.IPv4Length, third.IPv4Bytes);
        Assert.Equal(2, Store.Scrape(First).Leechers);
        Assert.Equal(AnnounceStatus.Accepted, Announce(First, PeerOf(2)).Status);
    }

    [Fact]
    public void A_peer_that_is_not_heard_of_any_more_is_forgotten()
    {
        Announce(First, PeerOf(1));
        AdvanceBy(Options.PeerLifetime * 0.8);
        Announce(First, PeerOf(2));
        AdvanceBy(Options.PeerLifetime * 0.4);
        AdvanceUntil(() => Store.Scrape(First).Leechers == 1);
        Assert.Equal([PeerOf(2)], PeersGivenTo(First, PeerOf(3)));
    }

    [Fact]
    public void A_peer_that_goes_on_announcing_is_kept()
    {
        for (int i = 0; i < 10; i++)
        {
            Announce(First, PeerOf(1), AnnounceEvent.None);
            AdvanceBy(Options.PeerLifetime * 0.7);
        }

        Assert.Equal(1, Store.Scrape(First).Leechers);
    }

    [Fact]
    public void Announces_from_many_threads_are_all_counted()
    {
        const int Threads = 4;
        const int Peers = 400;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            Span<byte> ipv4 = stackalloc byte[30];
            for (int i = 0; i < Peers; i++)
            {
                var peer = PeerOf((thread * Peers) + i);
                Store.Announce(new PeerAnnounce(HashOf(i % 10), peer, 1, AnnounceEvent.Started, IsSeeder: false), ipv4, []);
                Store.Prefetch(HashOf(i % 10), peer, isSeeder: i % 2 == 0, i % 3);
                if (i % 4 == 0)
                    Store.Announce(new PeerAnnounce(HashOf(i % 10), peer, 1, AnnounceEvent.Stopped, IsSeeder: false), [], []);
            }
        });

        Assert.Equal((10, Threads * Peers * 3 / 4), (Store.Totals.Torrents, Store.Totals.Leechers));
        Assert.Equal(Threads * Peers * 3 / 4, Store.Enumerate().Sum(swarm => swarm.Counts.Leechers));
    }

    [Fact]
    public async Task What_is_flushed_when_nothing_has_happened_is_nothing()
    {
        await Store.FlushAsync(Cancelled);
        Assert.Equal(0, Store.Persistence.Pending);
    }

    /// <summary>Makes a store, not yet open.</summary>
    private protected abstract ISwarmStore Create(MemorySwarmStoreOptions options);

    /// <summary>Begins with another store, that has nothing in it.</summary>
    private protected virtual async Task BeginAsync(MemorySwarmStoreOptions? options = null)
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _store = Create(options ?? Options);
        await _store.OpenAsync(Cancelled);
    }

    private protected static InfoHash HashOf(int number)
    {
        // As hashes are: the numbers are spread over all bytes.
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        var random = new Random(number);
        random.NextBytes(bytes);
        return new InfoHash(bytes);
    }

    private protected static CompactPeer PeerOf(int number, ushort port = 6881) => CompactPeer.FromIPv4(0x0a000001u + (uint)number, port);

    private protected static CompactPeer IPv6PeerOf(int number, ushort port = 6881) =>
        CompactPeer.FromIPv6(new UInt128(0x20010db800000000, 1UL + (ulong)number), port);

    private protected AnnounceResult Announce(
        InfoHash infoHash, CompactPeer peer, AnnounceEvent announceEvent = AnnounceEvent.Started, bool isSeeder = false, uint key = 1) =>
        Store.Announce(new PeerAnnounce(infoHash, peer, key, announceEvent, isSeeder), _ipv4, _ipv6);

    /// <summary>The peers given to one that announces, in order of their addresses.</summary>
    private protected IReadOnlyList<CompactPeer> PeersGivenTo(
        InfoHash infoHash,
        CompactPeer peer,
        bool isSeeder = false,
        AnnounceEvent announceEvent = AnnounceEvent.None,
        int ipv4Wanted = 200,
        int ipv6Wanted = 200)
    {
        Span<byte> ipv4 = _ipv4.AsSpan(0, ipv4Wanted * CompactPeer.IPv4Length);
        Span<byte> ipv6 = _ipv6.AsSpan(0, ipv6Wanted * CompactPeer.IPv6Length);
        AnnounceResult result = Store.Announce(new PeerAnnounce(infoHash, peer, 1, announceEvent, isSeeder), ipv4, ipv6);
        var peers = new List<CompactPeer>();
        AddPeers(peers, ipv4[..result.IPv4Bytes], CompactPeer.IPv4Length);
        AddPeers(peers, ipv6[..result.IPv6Bytes], CompactPeer.IPv6Length);
        return [.. peers.OrderBy(other => other.Address)];
    }

    /// <summary>Lets time pass as it does, a little at a time.</summary>
    private protected void AdvanceBy(TimeSpan span)
    {
        for (TimeSpan left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(20))
            Time.Advance(TimeSpan.FromSeconds(Math.Min(20, left.TotalSeconds)));
    }

    /// <summary>Lets up to two minutes more pass: where a store has threads of its own, one of them may be ringing the timers, and be late.</summary>
    private protected void AdvanceUntil(Func<bool> condition)
    {
        using var pause = new ManualResetEventSlim();
        for (int seconds = 0; !condition(); seconds++)
        {
            Assert.True(seconds < 120, "it has not come about");
            pause.Wait(10, TestContext.Current.CancellationToken);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static void AddPeers(List<CompactPeer> peers, ReadOnlySpan<byte> bytes, int length)
    {
        Assert.Equal(0, bytes.Length % length);
        for (; !bytes.IsEmpty; bytes = bytes[length..])
        {
            Assert.True(CompactPeer.TryParse(bytes[..length], out CompactPeer peer));
            peers.Add(peer);
        }
    }
}
