using System.Net;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Loop;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tests.Loop;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class TorrentAnnouncerTests : IDisposable
{
    private const string A = "http://a/announce";
    private const string B = "udp://b:1/announce";

    private static readonly InfoHash Hash = new("aaaaaaaaaaaaaaaaaaaa"u8);
    private static readonly PeerId Id = new("-OT0001-bbbbbbbbbbbb"u8);

    private readonly FakeTimeProvider _time = new();
    private readonly EngineLoop _loop;
    private readonly ScriptedTransport _transport = new();
    private readonly List<IPEndPoint> _peers = [];
    private AnnounceTotals _totals = new(Port: 6881, Uploaded: 0, Downloaded: 0, Left: 100, NumWant: 50);

    public TorrentAnnouncerTests() =>
        _loop = new EngineLoop(new IdleNetwork { WhenPolled = _ => { } }, _time, e => Assert.Fail(e.ToString()));

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void The_totals_are_those_of_the_moment_of_sending()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse { Interval = TimeSpan.FromMinutes(30), TrackerId = new byte[] { 1, 2 } });
        _totals = _totals with { Uploaded = 7, Downloaded = 60, Left = 40, NumWant = 0 };
        Pass(1800);

        AnnounceRequest first = _transport.Calls[0].Request;
        AnnounceRequest second = _transport.Calls[1].Request;
        Assert.Equal((Hash, Id, 6881, 100L, 50), (first.InfoHash, first.PeerId, first.Port, first.Left, first.NumWant));
        Assert.Equal(AnnounceEvent.Started, first.Event);
        Assert.Equal((7L, 60L, 40L, 0), (second.Uploaded, second.Downloaded, second.Left, second.NumWant));
        Assert.Equal(AnnounceEvent.None, second.Event);
        Assert.Equal([1, 2], second.TrackerId.ToArray());
        Assert.Equal(first.Key, second.Key);
    }

    [Fact]
    public void Peers_and_our_own_address_are_handed_on()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse
        {
            Peers = [IPEndPoint.Parse("127.0.0.1:1")],
            ExternalAddress = IPAddress.Parse("192.0.2.9"),
        });

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:1")], _peers);
        Assert.Equal(IPAddress.Parse("192.0.2.9"), announcer.ExternalAddress);
    }

    [Fact]
    public void The_snapshot_tells_how_each_stands()
    {
        TorrentAnnouncer announcer = Create(default, [A], [B], ["wss://c/"]);
        Assert.Equal([TrackerState.NotAttempted, TrackerState.NotAttempted, TrackerState.Failed], announcer.Snapshot().Select(s => s.State));

        announcer.Start(complete: false);
        Assert.Equal(TrackerState.Announcing, announcer.Snapshot()[0].State);
        Assert.Null(announcer.Snapshot()[0].NextAnnounce);

        _transport.Calls[0].Fail("connection refused");
        _transport.Calls[1].Answer(new AnnounceResponse
        {
            Interval = TimeSpan.FromMinutes(10),
            Seeders = 3,
            Leechers = 4,
            Completed = 5,
            Warning = "slow",
            Peers = [IPEndPoint.Parse("127.0.0.1:1")],
        });
        Pass(60);

        IReadOnlyList<TrackerStatus> snapshot = announcer.Snapshot();
        Assert.Equal("connection refused", snapshot[0].Error);
        Assert.Equal(TrackerState.Failed, snapshot[0].State);
        Assert.Null(snapshot[0].LastAnnounce);
        Assert.Equal(TimeSpan.FromMinutes(9), snapshot[0].NextAnnounce);
        Assert.Equal(
            new TrackerStatus
            {
                Url = B,
                Tier = 1,
                State = TrackerState.Working,
                Warning = "slow",
                Seeders = 3,
                Leechers = 4,
                Completed = 5,
                PeersReceived = 1,
                LastAnnounce = TimeSpan.FromMinutes(1),
                NextAnnounce = TimeSpan.FromMinutes(9),
            },
            snapshot[1]);
        Assert.Equal("unsupported scheme \"wss\"", snapshot[2].Error);
        Assert.Null(snapshot[2].NextAnnounce);
    }

    [Fact]
    public void A_stop_says_farewell_and_is_done_when_all_have_answered()
    {
        TorrentAnnouncer announcer = Create(new AnnouncerOptions { AnnounceToAll = true }, [A], [B]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse());
        _transport.Calls[1].Answer(new AnnounceResponse());
        int done = 0;
        announcer.Stop(() => done++);

        Assert.Equal([A, B], _transport.Calls[2..].Select(c => c.Url));
        Assert.All(_transport.Calls[2..], c => Assert.Equal((AnnounceEvent.Stopped, 0), (c.Request.Event, c.Request.NumWant)));
        _transport.Calls[2].Answer(new AnnounceResponse());
        Assert.Equal(0, done);
        _transport.Calls[3].Fail();
        Assert.Equal(1, done);
        Pass(10_000);
        Assert.Equal(4, _transport.Calls.Count);
    }

    [Fact]
    public void A_tracker_that_does_not_answer_holds_a_stop_for_three_seconds_at_the_most()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse());
        bool done = false;
        announcer.Stop(() => done = true);

        Assert.Equal(TimeSpan.FromSeconds(3), _transport.Calls[1].Limit);
        Pass(2.9);
        Assert.False(done);
        Pass(0.2);
        Assert.True(done);
        Assert.True(_transport.Calls[1].IsCancelled);
    }

    [Fact]
    public void A_tracker_that_never_answered_holds_a_stop_for_half_a_second_at_the_most()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        bool done = false;
        announcer.Stop(() => done = true);

        Pass(0.4);
        Assert.False(done);
        Pass(0.2);
        Assert.True(done);
    }

    [Fact]
    public void A_stop_lets_the_news_of_completion_arrive_first()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse());
        _totals = _totals with { Left = 0 };
        announcer.Completed();
        int done = 0;
        announcer.Stop(() => done++);

        Assert.False(_transport.Calls[1].IsCancelled);
        Assert.Equal(2, _transport.Calls.Count);
        _transport.Calls[1].Answer(new AnnounceResponse());
        Assert.Equal(AnnounceEvent.Stopped, _transport.Calls[2].Request.Event);
        _transport.Calls[2].Answer(new AnnounceResponse());
        Assert.Equal(1, done);
    }

    [Fact]
    public void A_download_that_ends_before_the_first_answer_still_counts_as_completed()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        _totals = _totals with { Left = 1 };
        announcer.Start(complete: false);
        _totals = _totals with { Left = 0 };
        announcer.Completed();
        announcer.Stop(() => { });

        Assert.True(_transport.Calls[0].IsCancelled);
        Assert.Equal(AnnounceEvent.Completed, _transport.Calls[1].Request.Event);
        _transport.Calls[1].Answer(new AnnounceResponse());
        Assert.Equal(AnnounceEvent.Stopped, _transport.Calls[2].Request.Event);
    }

    [Fact]
    public void With_nobody_to_tell_a_stop_is_done_at_once()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        int done = 0;
        announcer.Stop(() => done++);
        announcer.Start(complete: false);
        _transport.Calls[0].Fail();
        announcer.Stop(() => done++);
        announcer.Stop(() => done++);

        Assert.Equal(3, done);
        Assert.Single(_transport.Calls);
    }

    [Fact]
    public void A_stop_while_a_tracker_is_asked_gives_the_question_up()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        announcer.Stop(() => { });

        Assert.True(_transport.Calls[0].IsCancelled);
        Assert.Equal(AnnounceEvent.Stopped, _transport.Calls[1].Request.Event);
    }

    [Fact]
    public void A_start_during_the_farewell_cuts_it_short()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse());
        bool done = false;
        announcer.Stop(() => done = true);
        announcer.Start(complete: false);

        Assert.True(done);
        Assert.True(_transport.Calls[1].IsCancelled);
        Assert.Equal(AnnounceEvent.Started, _transport.Calls[2].Request.Event);
        Pass(10);
        Assert.False(_transport.Calls[2].IsCancelled);
    }

    [Fact]
    public void A_completion_is_announced_without_delay()
    {
        TorrentAnnouncer announcer = Create(default, [A]);
        announcer.Start(complete: false);
        _transport.Calls[0].Answer(new AnnounceResponse());
        _totals = _totals with { Left = 0 };
        announcer.Completed();

        Assert.Equal((AnnounceEvent.Completed, 0L), (_transport.Calls[1].Request.Event, _transport.Calls[1].Request.Left));
    }

    [Fact]
    public void A_failure_is_followed_by_another_try()
    {
        Create(default, [A]).Start(complete: false);
        _transport.Calls[0].Fail();
        Pass(3.9);
        Assert.Single(_transport.Calls);
        Pass(2.2);
        Assert.Equal(2, _transport.Calls.Count);
    }

    [Fact]
    public void A_tracker_can_be_added_to_a_torrent_that_had_none()
    {
        TorrentAnnouncer announcer = Create(default);
        announcer.Start(complete: false);
        Assert.True(announcer.Add(A));
        Assert.False(announcer.Add(A));

        Assert.Equal(A, Assert.Single(_transport.Calls).Url);
    }

    private TorrentAnnouncer Create(AnnouncerOptions? options, params string[][] tiers) =>
        new(_loop, _transport, Hash, Id, tiers, () => _totals, _peers.AddRange, new Random(1), options);

    private void Pass(double seconds)
    {
        TimeSpan end = _loop.Now + TimeSpan.FromSeconds(seconds);
        while (_loop.NextDue is { } due && due <= end)
        {
            _time.Advance(due - _loop.Now);
            _loop.Turn(wait: false);
        }

        _time.Advance(end - _loop.Now);
        _loop.Turn(wait: false);
    }
}
