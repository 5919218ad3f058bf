using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>What every store owes whose swarms outlive the process.</summary>
public abstract class LastingSwarmStoreContract : SwarmStoreContract
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_flushed_comes_back(bool killed)
    {
        Announce(First, PeerOf(1), isSeeder: true);
        Announce(First, PeerOf(2), AnnounceEvent.Paused);
        Announce(First, IPv6PeerOf(3));
        Announce(Second, IPv6PeerOf(4));
        await ReopenAsync(killed);
        Assert.Equal(new SwarmCounts(1, 2, 1, 0), Store.Scrape(First));
        Assert.Equal([PeerOf(1), PeerOf(2), IPv6PeerOf(3)], PeersGivenTo(First, PeerOf(9)));
        Assert.Equal([IPv6PeerOf(4)], PeersGivenTo(Second, PeerOf(9)));
        Assert.Equal(2, Store.Totals.Torrents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_left_does_not_come_back(bool killed)
    {
        for (int i = 0; i < 10; i++)
            Announce(First, PeerOf(i));
        Announce(Second, PeerOf(1));
        await Store.FlushAsync(Cancelled);
        for (int i = 0; i < 9; i++)
            Announce(First, PeerOf(i), AnnounceEvent.Stopped);
        Announce(Second, PeerOf(1), AnnounceEvent.Stopped);
        await ReopenAsync(killed);
        Assert.Equal(new SwarmCounts(0, 1, 0, 0), Store.Scrape(First));
        Assert.Equal([PeerOf(9)], PeersGivenTo(First, PeerOf(20)));
        Assert.Equal(default, Store.Scrape(Second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completed_downloads_come_back_also_of_swarms_without_peers(bool killed)
    {
        for (int i = 0; i < 5; i++)
        {
            Announce(First, PeerOf(i));
            Announce(First, PeerOf(i), AnnounceEvent.Completed, isSeeder: true);
        }

        Announce(Second, PeerOf(1));
        Announce(Second, PeerOf(1), AnnounceEvent.Completed, isSeeder: true);
        Announce(Second, PeerOf(1), AnnounceEvent.Stopped, isSeeder: true);
        await ReopenAsync(killed);
        Assert.Equal(new SwarmCounts(5, 0, 0, 5), Store.Scrape(First));
        Assert.Equal(new SwarmCounts(0, 0, 0, 1), Store.Scrape(Second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_key_of_a_peer_comes_back(bool killed)
    {
        Announce(First, PeerOf(1), key: 7);
        await ReopenAsync(killed);
        Assert.Equal(PeerChange.None, Announce(First, PeerOf(1), AnnounceEvent.Stopped, key: 8).Change);
        Assert.Equal(PeerChange.Left, Announce(First, PeerOf(1), AnnounceEvent.Stopped, key: 7).Change);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whom_nobody_has_heard_of_meanwhile_does_not_come_back(bool killed)
    {
        Announce(First, PeerOf(1));
        AdvanceBy(Options.PeerLifetime * 0.8);
        Announce(First, PeerOf(2));
        Announce(Second, PeerOf(1));
        await CloseAsync(killed);
        AdvanceBy(Options.PeerLifetime * 0.4);
        await OpenAgainAsync();
        Assert.Equal(1, Store.Scrape(First).Leechers);
        AdvanceBy(Options.PeerLifetime * 0.8);
        AdvanceUntil(() => Store.Scrape(First) == default);
    }

    [Fact]
    public async Task Peers_of_a_clock_that_has_gone_back_come_back_and_go_in_time()
    {
        Announce(First, PeerOf(1));
        await CloseAsync(killed: false);
        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromDays(365));
        await OpenAgainAsync();
        Assert.Equal(1, Store.Scrape(First).Leechers);
        AdvanceBy(Options.PeerLifetime * 1.2);
        AdvanceUntil(() => Store.Scrape(First).Leechers == 0);
    }

    [Fact]
    public async Task It_can_be_opened_and_closed_many_times()
    {
        for (int i = 1; i <= 6; i++)
        {
            Announce(First, PeerOf(i));
            Announce(First, PeerOf(i), AnnounceEvent.Completed, isSeeder: true);
            if (i > 1)
                Announce(First, PeerOf(i - 1), AnnounceEvent.Stopped, isSeeder: true);
            await ReopenAsync(killed: i % 2 == 0);
            Assert.Equal(new SwarmCounts(1, 0, 0, i), Store.Scrape(First));
        }
    }

    [Fact]
    public async Task Ten_thousand_swarms_come_back_as_they_were()
    {
        var random = new Random(4);
        for (int i = 0; i < 40_000; i++)
        {
            int swarm = (int)(10_000 * Math.Pow(random.NextDouble(), 3));
            CompactPeer peer = random.Next(10) == 0 ? IPv6PeerOf(random.Next(100)) : PeerOf(random.Next(100));
            Announce(HashOf(swarm), peer, (AnnounceEvent)random.Next(4), isSeeder: random.Next(3) == 0);
            if (i == 20_000)
                await Store.FlushAsync(Cancelled);
        }

        SwarmSummary[] before = [.. Store.Enumerate().OrderBy(swarm => swarm.InfoHash)];
        await ReopenAsync(killed: true);
        Assert.Equal(before, Store.Enumerate().OrderBy(swarm => swarm.InfoHash));
        await ReopenAsync(killed: false);
        Assert.Equal(before, Store.Enumerate().OrderBy(swarm => swarm.InfoHash));
    }

    [Fact]
    public async Task What_is_flushed_is_not_pending()
    {
        Announce(First, PeerOf(1));
        await Store.FlushAsync(Cancelled);
        Assert.Equal(new PersistenceStatus(IsAvailable: true, Pending: 0, TimeSpan.Zero, Error: null), Store.Persistence);
    }

    /// <summary>Ends the store: closes it, or leaves behind what a process would that is killed after it has flushed.</summary>
    private protected abstract Task CloseAsync(bool killed);

    /// <summary>Opens what the store has left behind.</summary>
    private protected virtual async Task OpenAgainAsync()
    {
        Store = Create(Options);
        await Store.OpenAsync(Cancelled);
    }

    private protected async Task ReopenAsync(bool killed)
    {
        await CloseAsync(killed);
        await OpenAgainAsync();
    }
}
