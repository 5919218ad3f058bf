using System.Net;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class UdpTrackerExchangeTests
{
    private static readonly IPEndPoint Tracker = IPEndPoint.Parse("192.0.2.1:80");
    private static readonly IPEndPoint Stranger = IPEndPoint.Parse("192.0.2.2:80");

    private readonly List<(double At, byte[] Packet, IPEndPoint Remote)> _sent = [];
    private readonly List<(AnnounceResponse? Response, TrackerFailure? Failure)> _outcomes = [];
    private readonly UdpTrackerExchange _exchange;
    private double _now;
    private uint _lastId = 100;

    public UdpTrackerExchangeTests() => _exchange = new(Take, () => ++_lastId, new UdpExchangeOptions());

    [Fact]
    public void A_request_connects_first_and_then_announces()
    {
        Announce();
        Assert.True(UdpConnectRequest.TryParse(Assert.Single(_sent).Packet, out UdpConnectRequest connect));

        AnswerConnect(id: 7);
        Assert.True(UdpAnnounceRequest.TryParse(_sent[1].Packet, out UdpAnnounceRequest request));
        Assert.Equal(7u, request.ConnectionId);
        Assert.NotEqual(connect.TransactionId, request.TransactionId);
        Assert.Equal(AnnounceEvent.Started, request.Event);
        Assert.Equal(6881, request.Port);

        AnswerAnnounce();
        AnnounceResponse response = Assert.Single(_outcomes).Response!;
        Assert.Equal(TimeSpan.FromSeconds(1800), response.Interval);
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:6881")], response.Peers);
        Assert.Null(_exchange.NextWake);
    }

    [Fact]
    public void Path_and_query_follow_the_announce()
    {
        Announce(url: "/announce?a=b");
        AnswerConnect(id: 7);

        byte[] url = new byte[100];
        Assert.True(UdpOptionReader.TryReadUrl(_sent[1].Packet.AsSpan(UdpAnnounceRequest.WireLength), url, out int written));
        Assert.Equal("/announce?a=b"u8, url.AsSpan(0, written));
    }

    [Fact]
    public void A_connect_is_sent_again_after_15_30_60_seconds_until_it_has_failed()
    {
        Announce();
        RunUntil(100_000);

        Assert.Equal([0, 15, 45, 105, 225, 465, 945, 1905, 3825], _sent.Select(s => s.At));
        TrackerFailure failure = Assert.Single(_outcomes).Failure!;
        Assert.Equal(TrackerFailureReason.TimedOut, failure.Reason);
        Assert.Equal("timed out after 7665 s", failure.Message);
        Assert.Null(_exchange.NextWake);
    }

    [Fact]
    public void The_number_of_tries_can_be_bounded()
    {
        Announce(maxTimeouts: 2);
        RunUntil(1000);

        Assert.Equal([0, 15], _sent.Select(s => s.At));
        Assert.Equal("timed out after 45 s", Assert.Single(_outcomes).Failure!.Message);
    }

    // The example "announce times out" of BEP 15.
    [Fact]
    public void An_announce_without_answer_connects_anew_once_its_connection_id_is_too_old()
    {
        Announce();
        _now = 2;
        AnswerConnect(id: 7);
        RunUntil(230);

        Assert.Equal([0, 2, 17, 47, 107, 227], _sent.Select(s => s.At));
        Assert.All(_sent[1..4], s => Assert.True(UdpAnnounceRequest.TryParse(s.Packet, out _)));
        Assert.All(_sent[4..], s => Assert.True(UdpConnectRequest.TryParse(s.Packet, out _)));
    }

    [Fact]
    public void An_answer_to_the_first_of_two_sendings_counts()
    {
        Announce();
        AnswerConnect(id: 7);
        RunUntil(16);
        AnswerAnnounce(_sent[1].Packet);

        Assert.NotNull(Assert.Single(_outcomes).Response);
    }

    [Fact]
    public void A_lost_connect_does_not_make_the_wait_for_the_announce_longer()
    {
        Announce();
        RunUntil(16);
        AnswerConnect(id: 7);
        RunUntil(32);

        Assert.Equal([0, 15, 16, 31], _sent.Select(s => s.At));
    }

    [Fact]
    public void A_tracker_that_answers_only_connects_does_not_hold_a_request_for_ever()
    {
        Announce(maxTimeouts: 9);
        while (_exchange.NextWake is { } wake && _now < 1_000_000)
        {
            if (UdpConnectRequest.TryParse(_sent[^1].Packet, out _))
                AnswerConnect(id: 7);
            RunUntil(wake.TotalSeconds);
        }

        Assert.Equal(TrackerFailureReason.TimedOut, Assert.Single(_outcomes).Failure!.Reason);
    }

    [Fact]
    public void A_connection_id_is_used_for_one_minute()
    {
        Announce();
        AnswerConnect(id: 7);
        AnswerAnnounce();

        _now = 59;
        Announce();
        Assert.True(UdpAnnounceRequest.TryParse(_sent[^1].Packet, out UdpAnnounceRequest request));
        Assert.Equal(7u, request.ConnectionId);
        AnswerAnnounce();

        _now = 60;
        Announce();
        Assert.True(UdpConnectRequest.TryParse(_sent[^1].Packet, out _));
    }

    [Fact]
    public void A_connection_id_is_not_used_for_another_tracker()
    {
        Announce();
        AnswerConnect(id: 7);
        Announce(remote: Stranger);

        Assert.True(UdpConnectRequest.TryParse(_sent[^1].Packet, out _));
        Assert.Equal(Stranger, _sent[^1].Remote);
    }

    [Fact]
    public void Requests_to_one_tracker_share_a_connect()
    {
        Announce();
        Announce();
        Announce();
        Assert.Single(_sent);

        AnswerConnect(id: 7);
        Assert.Equal(4, _sent.Count);
        byte[][] announces = [.. _sent[1..].Select(s => s.Packet)];
        Assert.Equal(3, announces.Select(p => Parse(p).TransactionId).Distinct().Count());
        foreach (byte[] packet in announces)
            AnswerAnnounce(packet);
        Assert.Equal(3, _outcomes.Count(o => o.Response is not null));
    }

    [Fact]
    public void When_the_one_that_connects_is_given_up_another_connects()
    {
        UdpAnnounce first = Announce();
        Announce();
        _exchange.Cancel(first, TimeSpan.Zero);

        Assert.Equal(2, _sent.Count);
        AnswerConnect(id: 7);
        AnswerAnnounce();
        Assert.NotNull(Assert.Single(_outcomes).Response);
    }

    [Fact]
    public void What_answers_nothing_is_dropped()
    {
        Announce();
        uint id = Connect(_sent[0].Packet).TransactionId;
        Give(ConnectResponse(id + 1, 7), Tracker); // another transaction
        Give(ConnectResponse(id, 7), Stranger); // another address
        Give(ConnectResponse(id, 7), new IPEndPoint(Tracker.Address, 81)); // another port
        Give(ConnectResponse(id, 7)[..15], Tracker); // too short
        Give([], Tracker);
        Give(AnnounceAnswer(id), Tracker); // another action
        Assert.Single(_sent);
        Assert.Empty(_outcomes);

        AnswerConnect(id: 7);
        uint announce = Parse(_sent[1].Packet).TransactionId;
        Give(ConnectResponse(id, 8), Tracker); // the connect again
        Give(ConnectResponse(announce, 8), Tracker);
        Give(AnnounceAnswer(announce), Stranger);
        Assert.Equal(2, _sent.Count);
        Assert.Empty(_outcomes);

        AnswerAnnounce();
        AnswerAnnounce();
        Assert.Single(_outcomes);
    }

    [Fact]
    public void An_error_is_a_refusal_in_the_trackers_words()
    {
        Announce();
        AnswerConnect(id: 7);
        Give(Error(Parse(_sent[1].Packet).TransactionId, "torrent not registered"), Tracker);

        TrackerFailure failure = Assert.Single(_outcomes).Failure!;
        Assert.Equal(new TrackerFailure(TrackerFailureReason.Refused, "torrent not registered"), failure);
        Assert.Null(_exchange.NextWake);
    }

    [Fact]
    public void A_tracker_that_has_forgotten_a_connection_id_is_asked_for_a_new_one_once()
    {
        Announce();
        AnswerConnect(id: 7);
        AnswerAnnounce();
        _outcomes.Clear();

        Announce();
        Give(Error(Parse(_sent[^1].Packet).TransactionId, "connection id mismatch"), Tracker);
        Assert.Empty(_outcomes);
        AnswerConnect(id: 8);
        Assert.Equal(8u, Parse(_sent[^1].Packet).ConnectionId);

        Give(Error(Parse(_sent[^1].Packet).TransactionId, "connection id mismatch"), Tracker);
        Assert.Equal("connection id mismatch", Assert.Single(_outcomes).Failure!.Message);
    }

    [Fact]
    public void A_request_given_up_is_silent()
    {
        UdpAnnounce announce = Announce();
        _exchange.Cancel(announce, TimeSpan.Zero);
        AnswerConnect(id: 7);
        RunUntil(10_000);

        Assert.Single(_sent);
        Assert.Empty(_outcomes);
        Assert.Null(_exchange.NextWake);
    }

    [Fact]
    public void Over_IPv6_peers_have_18_bytes()
    {
        IPEndPoint remote = IPEndPoint.Parse("[2001:db8::1]:80");
        Announce(remote: remote);
        Give(ConnectResponse(Connect(_sent[0].Packet).TransactionId, 7), remote);
        byte[] packet = new byte[UdpAnnounceResponse.HeaderLength + CompactPeer.IPv6Length];
        new UdpAnnounceResponse(Parse(_sent[1].Packet).TransactionId, 60, 0, 1).Write(packet);
        CompactPeer.From(IPEndPoint.Parse("[2001:db8::2]:6881")).Write(packet.AsSpan(UdpAnnounceResponse.HeaderLength));
        Give(packet, remote);

        Assert.Equal([IPEndPoint.Parse("[2001:db8::2]:6881")], Assert.Single(_outcomes).Response!.Peers);
    }

    [Fact]
    public void A_scrape_names_its_swarms_in_the_answer()
    {
        InfoHash[] hashes = [new("aaaaaaaaaaaaaaaaaaaa"u8), new("bbbbbbbbbbbbbbbbbbbb"u8)];
        ScrapeResponse? answer = null;
        _exchange.Begin(new UdpScrape(Tracker, 9, hashes, (response, _) => answer = response), TimeSpan.Zero);
        AnswerConnect(id: 7);
        Assert.True(UdpScrapeRequest.TryParse(_sent[1].Packet, out UdpScrapeRequest request));
        Assert.Equal(2, request.Count);

        byte[] packet = new byte[UdpScrapeResponse.WireLengthOf(2)];
        UdpScrapeResponse.Write(packet, request.TransactionId, [new(1, 2, 3), new(4, 5, 6)]);
        Give(packet, Tracker);
        Assert.Equal(new ScrapeEntry(4, 5, 6), answer!.Entries[hashes[1]]);
    }

    private UdpAnnounce Announce(IPEndPoint? remote = null, int maxTimeouts = 9, string url = "")
    {
        var request = new AnnounceRequest { InfoHash = default, PeerId = default, Port = 6881, Event = AnnounceEvent.Started };
        var announce = new UdpAnnounce(
            remote ?? Tracker, maxTimeouts, request, System.Text.Encoding.ASCII.GetBytes(url), (response, failure) => _outcomes.Add((response, failure)));
        Assert.True(_exchange.Begin(announce, TimeSpan.FromSeconds(_now)));
        return announce;
    }

    private bool Take(ReadOnlySpan<byte> packet, IPEndPoint remote)
    {
        _sent.Add((_now, packet.ToArray(), remote));
        return true;
    }

    private void RunUntil(double end)
    {
        while (_exchange.NextWake is { } wake && wake.TotalSeconds <= end)
        {
            _now = wake.TotalSeconds;
            _exchange.Advance(wake);
        }

        _now = end;
    }

    private void Give(byte[] packet, IPEndPoint remote) => _exchange.OnDatagram(packet, remote, TimeSpan.FromSeconds(_now));

    private void AnswerConnect(ulong id) => Give(ConnectResponse(Connect(_sent[^1].Packet).TransactionId, id), Tracker);

    private void AnswerAnnounce(byte[]? packet = null) => Give(AnnounceAnswer(Parse(packet ?? _sent[^1].Packet).TransactionId), Tracker);

    private static UdpConnectRequest Connect(byte[] packet)
    {
        Assert.True(UdpConnectRequest.TryParse(packet, out UdpConnectRequest connect));
        return connect;
    }

    private static UdpAnnounceRequest Parse(byte[] packet)
    {
        Assert.True(UdpAnnounceRequest.TryParse(packet, out UdpAnnounceRequest request));
        return request;
    }

    private static byte[] ConnectResponse(uint transaction, ulong connection)
    {
        byte[] packet = new byte[UdpConnectResponse.WireLength];
        new UdpConnectResponse(transaction, connection).Write(packet);
        return packet;
    }

    private static byte[] AnnounceAnswer(uint transaction)
    {
        byte[] packet = new byte[UdpAnnounceResponse.HeaderLength + CompactPeer.IPv4Length];
        new UdpAnnounceResponse(transaction, 1800, Leechers: 1, Seeders: 2).Write(packet);
        CompactPeer.From(IPEndPoint.Parse("127.0.0.1:6881")).Write(packet.AsSpan(UdpAnnounceResponse.HeaderLength));
        return packet;
    }

    private static byte[] Error(uint transaction, string text)
    {
        byte[] packet = new byte[UdpErrorResponse.WireLengthOf(text.Length)];
        UdpErrorResponse.Write(packet, transaction, System.Text.Encoding.ASCII.GetBytes(text));
        return packet;
    }
}
