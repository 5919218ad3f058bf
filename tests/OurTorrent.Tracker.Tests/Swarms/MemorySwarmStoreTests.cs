using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>What is particular to the store in native memory: large swarms, fairness, memory, time.</summary>
public sealed class MemorySwarmStoreTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_swarm_grows_to_many_pages_and_shrinks_to_nothing(bool isIPv6)
    {
        const int Peers = 20_000;
        await using MemorySwarmStore store = Create();
        for (int i = 0; i < Peers; i++)
            Assert.Equal(PeerChange.Joined, Announce(store, i, AnnounceEvent.Started, isIPv6).Change);
        for (int i = 0; i < Peers; i++)
            Assert.Equal(PeerChange.None, Announce(store, i, AnnounceEvent.None, isIPv6).Change);
        Assert.Equal(Peers, store.Scrape(HashOf(0)).Leechers);
        for (int i = 0; i < Peers; i++)
        {
            AnnounceResult result = Announce(store, i, AnnounceEvent.Stopped, isIPv6);
            Assert.Equal((PeerChange.Left, Peers - i - 1), (result.Change, result.Counts.Leechers));
        }

        Assert.Equal(0, store.Totals.Torrents);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.InRange(store.Totals.MemoryBytes, 0, 4096);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(1000)]
    [InlineData(1500)]
    [InlineData(2000)]
    public async Task Every_peer_is_as_likely_to_be_given_as_any_other(int peers)
    {
        const int Rounds = 20_000, Wanted = 20;
        await using MemorySwarmStore store = Create();
        for (int i = 0; i < peers; i++)
            Announce(store, i, AnnounceEvent.Started);
        var given = new int[peers];
        var buffer = new byte[Wanted * CompactPeer.IPv4Length];
        for (int round = 0; round < Rounds; round++)
        {
            int length = store.Announce(AnnounceOf(peers, AnnounceEvent.None) with { IsSeeder = true }, buffer, []).IPv4Bytes;
            for (int at = 0; at < length; at += CompactPeer.IPv4Length)
                given[NumberOf(buffer.AsSpan(at, CompactPeer.IPv4Length))]++;
        }

        // Peers come in groups that share a page, so that a count varies more than if each were drawn alone; but no peer is forgotten or favoured.
        double mean = (double)Rounds * Wanted / peers;
        Assert.InRange(given.Min(), mean * 0.6, mean);
        Assert.InRange(given.Max(), mean, mean * 1.5);
    }

    [Fact]
    public async Task A_large_swarm_gives_different_peers_each_time()
    {
        await using MemorySwarmStore store = Create();
        for (int i = 0; i < 5000; i++)
            Announce(store, i, AnnounceEvent.Started);
        var seen = new HashSet<int>();
        var buffer = new byte[50 * CompactPeer.IPv4Length];
        for (int round = 0; round < 200; round++)
        {
            int length = store.Announce(AnnounceOf(0, AnnounceEvent.None), buffer, []).IPv4Bytes;
            Assert.Equal(buffer.Length, length);
            for (int at = 0; at < length; at += CompactPeer.IPv4Length)
                seen.Add(NumberOf(buffer.AsSpan(at, CompactPeer.IPv4Length)));
        }

        // Of 10,000 given at random, about 4,300 different ones are to be expected.
        Assert.InRange(seen.Count, 3800, 4700);
    }

    [Fact]
    public async Task A_leecher_is_given_a_quarter_of_the_rarer_kind()
    {
        await using MemorySwarmStore store = Create();
        for (int i = 0; i < 2000; i++)
            store.Announce(AnnounceOf(i, AnnounceEvent.Started) with { IsSeeder = i >= 20 }, [], []);
        var buffer = new byte[40 * CompactPeer.IPv4Length];
        int length = store.Announce(AnnounceOf(5000, AnnounceEvent.Started), buffer, []).IPv4Bytes;
        Assert.Equal(buffer.Length, length);
        Assert.Equal(10, Enumerable.Range(0, 40).Count(i => NumberOf(buffer.AsSpan(i * 6, 6)) < 20));
    }

    [Fact]
    public async Task An_IPv4_peer_takes_less_than_32_bytes_with_its_torrent()
    {
        const int Peers = 200_000, Torrents = 20_000;
        await using MemorySwarmStore store = Create();
        var random = new Random(1);
        for (int i = 0; i < Peers; i++)
        {
            // As many swarms have few peers as few have many.
            int torrent = (int)Math.Pow(Torrents, random.NextDouble()) - 1;
            store.Announce(AnnounceOf(i, AnnounceEvent.Started) with { InfoHash = HashOf(torrent) }, [], []);
        }

        Assert.Equal(Peers, store.Totals.Peers);
        Assert.InRange((double)store.Totals.MemoryBytes / Peers, 11, 24);
    }

    [Fact]
    public async Task An_announce_allocates_nothing_in_a_swarm_that_comes_and_goes()
    {
        await using MemorySwarmStore store = Create();
        var buffer = new byte[50 * CompactPeer.IPv4Length];
        for (int i = 0; i < 2000; i++)
            store.Announce(AnnounceOf(i, AnnounceEvent.Started), buffer, []);
        InfoHash infoHash = HashOf(0);
        PeerAnnounce announce = AnnounceOf(0, AnnounceEvent.None);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                announce = announce with { Peer = PeerOf(i), Event = i % 5 == 0 ? AnnounceEvent.Stopped : AnnounceEvent.None };
                store.Announce(announce, buffer, []);
                store.Scrape(infoHash);
            }
        }));
    }

    [Fact]
    public async Task Peers_are_forgotten_after_their_lifetime_and_not_before()
    {
        await using MemorySwarmStore store = Create();
        for (int i = 0; i < 10_000; i++)
            Announce(store, i, AnnounceEvent.Started, isIPv6: i % 4 == 0);
        _time.Advance(TimeSpan.FromMinutes(20));
        for (int i = 0; i < 5000; i++)
            Announce(store, i, AnnounceEvent.None, isIPv6: i % 4 == 0);
        _time.Advance(TimeSpan.FromMinutes(24));
        Assert.Equal(10_000, store.Totals.Peers);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(5000, store.Totals.Peers);
        Assert.Equal(1250, store.Totals.IPv6Peers);
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(0, store.Totals.Peers);
        Assert.InRange(store.Totals.MemoryBytes, 0, 4096);
    }

    [Theory]
    [InlineData(128 * 90)]
    [InlineData(10 * 24 * 3600)]
    public async Task Nobody_is_left_after_the_process_has_stood_still_for_hours(int seconds)
    {
        var time = new JumpingTime();
        await using var store = new MemorySwarmStore(new MemorySwarmStoreOptions { TimeProvider = time }, new Random(1));
        for (int i = 0; i < 5000; i++)
            Announce(store, i, AnnounceEvent.Started);
        time.Jump(TimeSpan.FromSeconds(seconds));
        Assert.Equal(0, store.Totals.Peers);
    }

    [Fact]
    public async Task A_torrent_with_completed_downloads_is_remembered_for_a_time_and_then_makes_room()
    {
        await using var store = new MemorySwarmStore(
            new MemorySwarmStoreOptions { TimeProvider = _time, MaxTorrents = 1, CompletedLifetime = TimeSpan.FromDays(3) }, new Random(1));
        store.Announce(AnnounceOf(1, AnnounceEvent.Completed) with { IsSeeder = true }, [], []);
        store.Announce(AnnounceOf(1, AnnounceEvent.Stopped) with { IsSeeder = true }, [], []);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, store.Scrape(HashOf(0)).Completed);
        PeerAnnounce other = AnnounceOf(1, AnnounceEvent.Started) with { InfoHash = HashOf(1) };
        Assert.Equal(AnnounceStatus.TooManyTorrents, store.Announce(other, [], []).Status);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(default, store.Scrape(HashOf(0)));
        Assert.Equal(AnnounceStatus.Accepted, store.Announce(other, [], []).Status);
    }

    [Fact]
    public async Task A_feed_that_nobody_reads_stops_at_its_bound_and_an_image_makes_up_for_it()
    {
        await using MemorySwarmStore store = Create();
        store.Changes.Enable();
        int nearlyFull = 0;
        store.Changes.NearlyFull = () => nearlyFull++;
        int peers = 0;
        for (; !store.Changes.Overflowed; peers++)
            Announce(store, peers % 60_000, peers % 120_000 < 60_000 ? AnnounceEvent.Started : AnnounceEvent.Stopped);
        Assert.InRange(store.Changes.Pending * SwarmChange.IPv4Length, ChangeFeed.Limit / 2, ChangeFeed.Limit);
        Assert.Equal(1, nearlyFull);

        store.Changes.Drain(static _ => { });
        store.Changes.Enable();
        Assert.Equal(0, store.Changes.Pending);
        var image = new SwarmImage();
        ImageCursor cursor = default;
        Assert.True(store.NextImage(ref cursor, changedOnly: true, image));
        Assert.Equal(store.Scrape(HashOf(0)), image.Counts);
        Assert.False(store.NextImage(ref cursor, changedOnly: true, image));
    }

    private static AnnounceResult Announce(MemorySwarmStore store, int number, AnnounceEvent what, bool isIPv6 = false)
    {
        PeerAnnounce announce = AnnounceOf(number, what);
        if (isIPv6)
            announce = announce with { Peer = CompactPeer.FromIPv6(((UInt128)0x2001_0db8 << 96) | (uint)(number >> 8), (ushort)((number & 255) + 1)) };
        return store.Announce(announce, [], []);
    }

    private static PeerAnnounce AnnounceOf(int number, AnnounceEvent what) =>
        new(HashOf(0), PeerOf(number), Key: 7, what, IsSeeder: false);

    private static CompactPeer PeerOf(int number) => CompactPeer.FromIPv4(0x0a00_0000 | (uint)(number >> 8), (ushort)((number & 255) + 1));

    private static int NumberOf(ReadOnlySpan<byte> peer)
    {
        Assert.True(CompactPeer.TryParse(peer, out CompactPeer compact));
        return (((int)compact.Address & 0xff_ffff) << 8) | (compact.Port - 1);
    }

    private static InfoHash HashOf(int number)
    {
        var bytes = new byte[InfoHash.Length];
        BitConverter.TryWriteBytes(bytes, number);
        return new InfoHash(bytes);
    }

    private MemorySwarmStore Create() => new(new MemorySwarmStoreOptions { TimeProvider = _time }, new Random(1));
}
