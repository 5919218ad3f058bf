using System.Net;
using OurTorrent.Peers;

namespace OurTorrent.Tests.Peers;

public sealed class PeerListTests
{
    [Theory]
    [InlineData("1.2.3.4:0")]
    [InlineData("0.0.0.0:6881")]
    [InlineData("0.1.2.3:6881")]
    [InlineData("224.0.0.1:6881")]
    [InlineData("240.0.0.1:6881")]
    [InlineData("255.255.255.255:6881")]
    [InlineData("[::]:6881")]
    [InlineData("[ff02::1]:6881")]
    [InlineData("[::ffff:0.0.0.0]:6881")]
    public void What_is_nobodys_address_is_refused(string endPoint)
    {
        Assert.Null(Make().Add(IPEndPoint.Parse(endPoint), PeerSource.Tracker));
    }

    [Fact]
    public void A_peer_named_twice_is_one_peer_with_two_sources()
    {
        PeerList list = Make();
        PeerCandidate first = Add(list, "1.2.3.4:6881");
        PeerCandidate second = list.Add(IPEndPoint.Parse("[::ffff:1.2.3.4]:6881"), PeerSource.Dht)!;

        Assert.Same(first, second);
        Assert.Equal(PeerSource.Tracker | PeerSource.Dht, first.Sources);
        Assert.Single(list.Candidates);
        Assert.Same(first, list.Find(IPEndPoint.Parse("1.2.3.4:6881")));
    }

    [Fact]
    public void A_peer_in_use_is_not_dialled_again()
    {
        PeerList list = Make();
        PeerCandidate candidate = Add(list, "1.2.3.4:6881");

        Assert.Same(candidate, list.Next(TimeSpan.Zero));
        Assert.Equal(1, list.InUseCount);
        Assert.Null(list.Next(TimeSpan.Zero));
        Assert.Null(list.NextDue());
    }

    [Fact]
    public void A_peer_that_fails_is_left_alone_twice_as_long_each_time_up_to_an_hour()
    {
        PeerList list = Make();
        PeerCandidate candidate = Add(list, "1.2.3.4:6881");
        TimeSpan now = TimeSpan.Zero;
        foreach (int seconds in new[] { 30, 60, 120, 240, 480, 960, 1920, 3600, 3600 })
        {
            Assert.Same(candidate, list.Next(now));
            list.Failed(candidate, now);
            Assert.Equal(now + TimeSpan.FromSeconds(seconds), list.NextDue());
            Assert.Null(list.Next(now + TimeSpan.FromSeconds(seconds - 1)));
            now += TimeSpan.FromSeconds(seconds);
        }

        Assert.Same(candidate, list.Next(now));
        list.Connected(candidate);
        list.Disconnected(candidate, now);
        Assert.Equal(0, candidate.Failures);
        Assert.Equal(0, list.InUseCount);
        Assert.Equal(now + TimeSpan.FromSeconds(30), list.NextDue());
    }

    [Fact]
    public void A_peer_that_shakes_hands_and_then_fails_is_left_alone_longer_each_time_until_it_is_of_use()
    {
        PeerList list = Make();
        PeerCandidate candidate = Add(list, "1.2.3.4:6881");
        TimeSpan now = TimeSpan.Zero;
        foreach (int seconds in new[] { 30, 60, 120 })
        {
            Assert.Same(candidate, list.Next(now));
            list.Connected(candidate);
            list.Failed(candidate, now);
            now += TimeSpan.FromSeconds(seconds);
            Assert.Equal(now, list.NextDue());
        }

        Assert.Same(candidate, list.Next(now));
        list.Connected(candidate);
        list.Disconnected(candidate, now);
        list.Next(now + TimeSpan.FromSeconds(30));
        list.Failed(candidate, now);
        Assert.Equal(now + TimeSpan.FromSeconds(30), list.NextDue());
    }

    [Fact]
    public void A_peer_named_by_hand_is_tried_again_after_a_second_at_first()
    {
        PeerList list = Make();
        PeerCandidate peer = list.Add(IPEndPoint.Parse("1.2.3.4:6881"), PeerSource.Given)!;
        TimeSpan now = TimeSpan.FromSeconds(7);
        foreach (int seconds in new[] { 1, 2, 4, 8 })
        {
            Assert.Same(peer, list.Next(now));
            list.Failed(peer, now);
            now += TimeSpan.FromSeconds(seconds);
            Assert.Equal(now, list.NextDue());
        }
    }

    [Fact]
    public void Given_peers_come_first_then_by_canonical_priority_and_those_that_failed_last()
    {
        PeerList list = Make();
        PeerCandidate failed = Add(list, "1.0.0.9:6881");
        list.Failed(list.Next(TimeSpan.Zero)!, TimeSpan.Zero);
        PeerCandidate low = Add(list, "1.0.0.1:6881");
        PeerCandidate high = Add(list, "1.0.0.2:6881");
        PeerCandidate given = list.Add(IPEndPoint.Parse("1.0.0.0:6881"), PeerSource.Given)!;
        list.SetPriority(endPoint => endPoint.Address.GetAddressBytes()[3]);
        PeerCandidate highest = Add(list, "1.0.0.3:6881");

        TimeSpan now = TimeSpan.FromMinutes(1);
        Assert.Equal([given, highest, high, low, failed, null], Enumerable.Range(0, 6).Select(_ => list.Next(now)));
    }

    [Fact]
    public void Of_those_tried_the_longest_untried_comes_first()
    {
        PeerList list = Make();
        PeerCandidate[] candidates = [Add(list, "1.0.0.1:1"), Add(list, "1.0.0.2:1"), Add(list, "1.0.0.3:1")];
        for (int i = 0; i < 3; i++)
        {
            list.Next(TimeSpan.Zero);
        }

        foreach (int i in new[] { 2, 0, 1 })
            list.Disconnected(candidates[i], TimeSpan.FromSeconds(10 + (i * 10)));

        TimeSpan now = TimeSpan.FromMinutes(5);
        Assert.Equal(candidates, [list.Next(now)!, list.Next(now)!, list.Next(now)!]);
    }

    [Fact]
    public void A_seed_does_not_dial_seeds()
    {
        PeerList list = Make();
        Add(list, "1.2.3.4:6881").IsSeed = true;
        list.SkipSeeds = true;
        Assert.Null(list.Next(TimeSpan.Zero));
        Assert.Null(list.NextDue());

        list.SkipSeeds = false;
        Assert.NotNull(list.Next(TimeSpan.Zero));
    }

    [Fact]
    public void A_banned_address_is_forgotten_and_refused_on_every_port()
    {
        PeerList list = Make();
        Add(list, "1.2.3.4:6881");
        Add(list, "1.2.3.4:6882");
        Add(list, "1.2.3.5:6881");
        list.Next(TimeSpan.Zero);
        list.Next(TimeSpan.Zero);
        list.Next(TimeSpan.Zero);

        list.Ban(IPAddress.Parse("::ffff:1.2.3.4"));

        Assert.Single(list.Candidates);
        Assert.Equal(1, list.InUseCount);
        Assert.True(list.IsBanned(IPAddress.Parse("1.2.3.4")));
        Assert.Null(list.Add(IPEndPoint.Parse("1.2.3.4:7000"), PeerSource.Given));
    }

    [Fact]
    public void We_are_not_our_own_peer()
    {
        PeerList list = Make();
        Add(list, "1.2.3.4:6881");
        list.MarkSelf(IPEndPoint.Parse("1.2.3.4:6881"));

        Assert.Empty(list.Candidates);
        Assert.Null(list.Add(IPEndPoint.Parse("1.2.3.4:6881"), PeerSource.Tracker));
        Assert.NotNull(list.Add(IPEndPoint.Parse("1.2.3.4:6882"), PeerSource.Tracker));
    }

    [Fact]
    public void A_full_list_gives_up_its_worst_for_somebody_better_only()
    {
        var list = new PeerList(new Random(1), capacity: 3);
        PeerCandidate given = list.Add(IPEndPoint.Parse("1.0.0.1:1"), PeerSource.Given)!;
        PeerCandidate exchanged = list.Add(IPEndPoint.Parse("1.0.0.2:1"), PeerSource.PeerExchange)!;
        PeerCandidate tracked = Add(list, "1.0.0.3:1");

        Assert.Null(list.Add(IPEndPoint.Parse("1.0.0.4:1"), PeerSource.PeerExchange));
        Assert.NotNull(list.Add(IPEndPoint.Parse("1.0.0.4:1"), PeerSource.Tracker));
        Assert.DoesNotContain(exchanged, list.Candidates);

        list.Connected(tracked);
        list.Failed(given, TimeSpan.Zero);
        list.Failed(list.Find(IPEndPoint.Parse("1.0.0.4:1"))!, TimeSpan.Zero);
        Assert.NotNull(list.Add(IPEndPoint.Parse("1.0.0.5:1"), PeerSource.PeerExchange));
        Assert.Equal(3, list.Candidates.Count);
        Assert.Contains(given, list.Candidates);
        Assert.Contains(tracked, list.Candidates);
    }

    private static PeerList Make() => new(new Random(1));

    private static PeerCandidate Add(PeerList list, string endPoint) => list.Add(IPEndPoint.Parse(endPoint), PeerSource.Tracker)!;
}
