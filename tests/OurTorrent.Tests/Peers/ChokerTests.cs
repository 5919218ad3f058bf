using OurTorrent.Peers;

namespace OurTorrent.Tests.Peers;

public sealed class ChokerTests
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    [Fact]
    public void Those_who_give_most_are_unchoked_and_one_more_at_random()
    {
        var choker = new Choker(new Random(1)) { Slots = 4 };
        ChokerPeer[] peers = Peers(10);
        for (int i = 0; i < peers.Length; i++)
            peers[i].DownloadRate = i * 1000;

        IReadOnlyList<ChokeChange> changes = choker.Evaluate(TimeSpan.Zero, peers, seeding: false);

        Assert.Equal(4, changes.Count);
        Assert.All(changes, change => Assert.True(change.Unchoke));
        Assert.All(peers[7..], peer => Assert.True(peer.IsUnchoked && !peer.IsOptimistic));
        Assert.Single(peers[..7], peer => peer.IsUnchoked && peer.IsOptimistic);
    }

    [Fact]
    public void A_peer_that_wants_nothing_gets_no_slot()
    {
        var choker = new Choker(new Random(1));
        ChokerPeer[] peers = Peers(3);
        peers[1].IsInterested = false;
        peers[1].DownloadRate = 1_000_000;

        choker.Evaluate(TimeSpan.Zero, peers, seeding: false);

        Assert.Equal([true, false, true], peers.Select(peer => peer.IsUnchoked));
    }

    [Fact]
    public void A_better_peer_takes_the_slot_of_a_worse_one_at_the_next_round()
    {
        var choker = new Choker(new Random(1)) { Slots = 1 };
        ChokerPeer[] peers = Peers(2);
        peers[0].DownloadRate = 10;
        choker.Evaluate(TimeSpan.Zero, peers, seeding: false);
        peers[1].DownloadRate = 1000;

        Assert.Empty(choker.Evaluate(TimeSpan.FromSeconds(9), peers, seeding: false));
        Assert.Equal(
            [new ChokeChange(peers[0], false), new ChokeChange(peers[1], true)],
            choker.Evaluate(Round, peers, seeding: false));
    }

    [Fact]
    public void The_optimistic_slot_goes_round_every_thirty_seconds_to_those_who_have_none()
    {
        var choker = new Choker(new Random(5)) { Slots = 3 };
        ChokerPeer[] peers = Peers(8);
        peers[0].DownloadRate = 1000;
        peers[1].DownloadRate = 900;
        var turns = new List<ChokerPeer>();
        for (TimeSpan now = TimeSpan.Zero; now < TimeSpan.FromMinutes(60); now += Round)
        {
            choker.Evaluate(now, peers, seeding: false);
            turns.Add(Assert.Single(peers, peer => peer.IsOptimistic));
            Assert.True(peers[0].IsUnchoked && peers[1].IsUnchoked);
        }

        Assert.All(turns.Chunk(3), turn => Assert.Single(turn.Distinct()));
        Assert.All(turns.Chunk(3).Zip(turns.Chunk(3).Skip(1)), pair => Assert.NotSame(pair.First[0], pair.Second[0]));
        Assert.Equal(peers[2..].ToHashSet(), turns.ToHashSet());
    }

    [Fact]
    public void Newcomers_are_three_times_as_likely_to_be_tried()
    {
        int newcomer = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            var choker = new Choker(new Random(seed)) { Slots = 2 };
            ChokerPeer[] peers = [.. Peers(4), Peer(TimeSpan.FromMinutes(9.5))];
            peers[0].DownloadRate = 1000;
            choker.Evaluate(TimeSpan.FromMinutes(10), peers, seeding: false);
            if (peers[4].IsOptimistic)
                newcomer++;
        }

        Assert.InRange(newcomer, 900, 1100);
    }

    [Fact]
    public void A_free_rider_gets_nothing_but_the_optimistic_slot()
    {
        var choker = new Choker(new Random(1)) { Slots = 4 };
        ChokerPeer[] peers = Peers(10);
        foreach (ChokerPeer peer in peers)
            peer.WantedSince = TimeSpan.Zero;
        peers[3].DownloadRate = 500;
        peers[3].LastBlockAt = TimeSpan.FromSeconds(70);

        choker.Evaluate(TimeSpan.FromSeconds(75), peers, seeding: false);

        Assert.True(peers[3].IsUnchoked && !peers[3].IsOptimistic);
        Assert.Single(peers, peer => peer.IsUnchoked && peer.IsOptimistic);
        Assert.Equal(2, peers.Count(peer => peer.IsUnchoked));
    }

    [Fact]
    public void A_peer_that_stops_giving_loses_its_slot_after_a_minute()
    {
        var choker = new Choker(new Random(1)) { Slots = 3 };
        ChokerPeer[] peers = Peers(3);
        foreach (ChokerPeer peer in peers)
        {
            peer.WantedSince = TimeSpan.Zero;
            peer.LastBlockAt = TimeSpan.FromSeconds(100);
        }

        choker.Evaluate(TimeSpan.FromSeconds(100), peers, seeding: false);
        Assert.All(peers, peer => Assert.True(peer.IsUnchoked));
        choker.Evaluate(TimeSpan.FromSeconds(155), peers, seeding: false);
        Assert.All(peers, peer => Assert.True(peer.IsUnchoked));
        choker.Evaluate(TimeSpan.FromSeconds(165), peers, seeding: false);

        Assert.True(Assert.Single(peers, peer => peer.IsUnchoked).IsOptimistic);
    }

    [Fact]
    public void A_peer_that_has_nothing_we_want_is_no_free_rider()
    {
        Assert.False(Choker.IsFreeRider(Peer(), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Free_slots_do_not_wait_for_the_next_round()
    {
        var choker = new Choker(new Random(1)) { Slots = 4 };
        ChokerPeer[] peers = Peers(3);
        peers[2].IsInterested = false;
        choker.Evaluate(TimeSpan.Zero, peers, seeding: false);
        peers[2].IsInterested = true;

        Assert.Equal([new ChokeChange(peers[2], true)], choker.Evaluate(TimeSpan.FromSeconds(1), peers, seeding: false));
        Assert.Equal(Round, choker.NextDue);
    }

    [Fact]
    public void Between_rounds_nobody_loses_a_slot_and_none_is_given_too_many()
    {
        var choker = new Choker(new Random(1)) { Slots = 3 };
        ChokerPeer[] peers = Peers(3);
        choker.Evaluate(TimeSpan.Zero, peers, seeding: false);
        ChokerPeer[] more = [.. peers, .. Peers(5)];

        Assert.Empty(choker.Evaluate(TimeSpan.FromSeconds(1), more, seeding: false));
        Assert.Empty(choker.Evaluate(TimeSpan.FromSeconds(2), more, seeding: true));
    }

    [Fact]
    public void A_seed_serves_everybody_in_turn()
    {
        var choker = new Choker(new Random(1)) { Slots = 4 };
        ChokerPeer[] peers = Peers(20);
        var served = new Dictionary<ChokerPeer, int>();
        for (TimeSpan now = TimeSpan.Zero; now < TimeSpan.FromMinutes(30); now += Round)
        {
            choker.Evaluate(now, peers, seeding: true);
            foreach (ChokerPeer peer in peers.Where(peer => peer.IsUnchoked))
                served[peer] = served.GetValueOrDefault(peer) + 1;
            Assert.Equal(4, peers.Count(peer => peer.IsUnchoked));
        }

        // 180 rounds with 4 slots for 20 peers: 36 rounds each.
        Assert.All(peers, peer => Assert.InRange(served[peer], 30, 42));
    }

    [Fact]
    public void A_seed_with_slots_enough_serves_everybody_all_the_time()
    {
        var choker = new Choker(new Random(1)) { Slots = 8 };
        ChokerPeer[] peers = Peers(5);
        Assert.Equal(5, choker.Evaluate(TimeSpan.Zero, peers, seeding: true).Count);

        for (TimeSpan now = Round; now < TimeSpan.FromMinutes(5); now += Round)
            Assert.Empty(choker.Evaluate(now, peers, seeding: true));
    }

    [Fact]
    public void Fewer_slots_choke_at_the_next_round_and_none_choke_everybody()
    {
        var choker = new Choker(new Random(1)) { Slots = 6 };
        ChokerPeer[] peers = Peers(6);
        choker.Evaluate(TimeSpan.Zero, peers, seeding: false);
        choker.Slots = 2;
        choker.Evaluate(Round, peers, seeding: false);
        Assert.Equal(2, peers.Count(peer => peer.IsUnchoked));

        choker.Slots = 0;
        choker.Evaluate(2 * Round, peers, seeding: false);
        Assert.DoesNotContain(peers, peer => peer.IsUnchoked);
    }

    [Theory]
    [InlineData(10_000L, 4)]
    [InlineData(100_000L, 7)]
    [InlineData(1_000_000L, 24)]
    [InlineData(1_000_000_000L, 50)]
    public void The_number_of_slots_suits_the_rate_of_upload(long rate, int expected)
    {
        Assert.Equal(expected, Choker.SlotsFor(rate));
        Assert.Equal(expected, Choker.SlotsFor(rate, limit: null, idle: 0));
        Assert.Equal(expected, Choker.SlotsFor(1_000_000_000, limit: rate, idle: 50));
    }

    [Theory]
    [InlineData(0, 8, 8)]
    [InlineData(0, 3, 7)]
    [InlineData(100_000, 2, 9)]
    [InlineData(1_000_000_000, 50, 50)]
    public void Those_who_ask_for_nothing_are_made_up_for_but_not_without_end(long rate, int idle, int expected)
    {
        Assert.Equal(expected, Choker.SlotsFor(rate, limit: null, idle));
    }

    private static ChokerPeer Peer(TimeSpan connectedAt = default) => new(connectedAt) { IsInterested = true };

    private static ChokerPeer[] Peers(int count) => Enumerable.Range(0, count).Select(_ => Peer()).ToArray();
}
