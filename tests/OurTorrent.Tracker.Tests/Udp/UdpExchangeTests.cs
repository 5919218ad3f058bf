using System.Net;
using System.Text;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker.Tests.Udp;

public sealed class UdpExchangeTests
{
    private const string Mismatch = "Connection ID mismatch.";

    public static TheoryData<string, string> Options => new()
    {
        { "", "" },
        { "00", "" },
        { "0102032f61620201", "/ab" },                  // NOP, then URL data of 3 bytes, then one cut short
        { "0203", "" },                                 // data missing
        { "02ff2f61", "" },                             // data cut short
        { "ff", "" },                                   // an unknown option without its length
        { "7f0461626364", "" },                         // an unknown option
        { "0102032f6162", "/ab" },
        { "02032f6162", "/ab" },
        { "02022f61020262630203643f65", "/abcd?e" },    // in pieces
        { "02022f6100020262630203643f65", "/a" },       // nothing counts after the end of options
        { "7f0161" + "02022f61", "/a" },
    };

    [Fact]
    public void Connect_is_answered_with_an_id_to_the_byte()
    {
        using var rig = new ExchangeRig();

        byte[] reply = rig.Send(Bytes("0000041727101980 00000000 feedf00d"));

        Assert.Equal(16, reply.Length);
        Assert.Equal(Bytes("00000000 feedf00d"), reply[..8]);
        Assert.Equal(1, rig.IPv4.Connects);
        Assert.Equal((16, 16), (rig.IPv4.BytesReceived, rig.IPv4.BytesSent));
    }

    [Fact]
    public void Connect_may_be_longer() => Assert.Equal(16, Send([.. ExchangeRig.ConnectRequest(), 1, 2, 3]).Length);

    [Theory]
    [InlineData("")]
    [InlineData("0000041727101980 00000000 feedf0")]
    [InlineData("0000041727101981 00000000 feedf00d")]
    [InlineData("0000041727101980 00000003 feedf00d")]
    [InlineData("0000041727101980 00000004 feedf00d")]
    [InlineData("0000041727101980 ffffffff feedf00d")]
    public void What_is_no_request_is_not_answered(string packet)
    {
        using var rig = new ExchangeRig();

        Assert.Empty(rig.Send(Bytes(packet)));
        Assert.Equal(1, rig.IPv4.Malformed);
    }

    [Fact]
    public void An_announce_cut_short_is_not_answered()
    {
        using var rig = new ExchangeRig();
        byte[] packet = ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(rig.Connect()));

        Assert.Empty(rig.Send(packet.AsSpan(0, 97)));
        Assert.Equal(1, rig.IPv4.Malformed);
    }

    [Fact]
    public void A_datagram_longer_than_any_request_is_not_answered()
    {
        using var rig = new ExchangeRig();
        ulong id = rig.Connect();

        Assert.NotEmpty(rig.Send(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id), new byte[1500 - 98])));
        Assert.Empty(rig.Send(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id), new byte[1501 - 98])));
        Assert.Equal(1, rig.IPv4.Malformed);
    }

    [Fact]
    public void Announce_is_answered_with_interval_counts_and_peers_to_the_byte()
    {
        using var rig = new ExchangeRig();

        byte[] reply = rig.Announce();

        Assert.Equal(Bytes("00000001 feedf00d"), reply[..8]);
        Assert.InRange((reply[10] << 8) | reply[11], 1800, 1980);
        Assert.Equal(Bytes("00000007 00000005 c6336400 1ae1 c6336401 1ae1 c6336402 1ae1"), reply[12..]);
        Assert.Equal(1, rig.IPv4.Announces);
        Assert.Equal((16 + 98, 16 + 38), (rig.IPv4.BytesReceived, rig.IPv4.BytesSent));
    }

    [Fact]
    public void A_client_on_IPv6_is_given_IPv6_peers()
    {
        using var rig = new ExchangeRig(client: "2001:db8::9");

        byte[] reply = rig.Announce();

        Assert.Equal(20 + (3 * 18), reply.Length);
        Assert.True(UdpAnnounceResponse.TryParse(reply, isIPv6: true, out _, out CompactPeers peers));
        Assert.Equal(CannedSwarms.Peer(2, isIPv6: true), peers[2]);
        Assert.True(rig.Swarms.Announced.Peer.IsIPv6);
        Assert.Equal((1, 0), (rig.IPv6.Announces, rig.IPv4.Announces));
    }

    [Fact]
    public void A_client_whose_IPv4_address_came_mapped_into_IPv6_is_given_IPv4_peers()
    {
        using var rig = new ExchangeRig(client: "::ffff:192.0.2.1");

        Assert.Equal(20 + (3 * 6), rig.Announce().Length);
    }

    [Fact]
    public void The_peer_is_where_the_datagram_came_from_at_the_port_it_says()
    {
        using var rig = new ExchangeRig();

        rig.Announce(request => request with { IPv4Address = 0x05060708, Port = 7000 });

        Assert.Equal(CompactPeer.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 7000)), rig.Swarms.Announced.Peer);
        Assert.Equal(ExchangeRig.Hash(1), rig.Swarms.Announced.InfoHash);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(-1, false)]
    [InlineData(long.MaxValue, false)]
    public void Who_has_nothing_left_is_a_seeder(long left, bool isSeeder)
    {
        using var rig = new ExchangeRig();

        rig.Announce(request => request with { Left = left });

        Assert.Equal(isSeeder, rig.Swarms.Announced.IsSeeder);
    }

    [Theory]
    [InlineData(0, AnnounceEvent.None)]
    [InlineData(1, AnnounceEvent.Completed)]
    [InlineData(2, AnnounceEvent.Started)]
    [InlineData(3, AnnounceEvent.Stopped)]
    [InlineData(4, AnnounceEvent.None)]
    [InlineData(0xff, AnnounceEvent.None)]
    public void Events_are_those_of_the_wire(byte number, AnnounceEvent expected)
    {
        using var rig = new ExchangeRig();
        byte[] packet = ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(rig.Connect()));
        packet[83] = number;

        rig.Send(packet);

        Assert.Equal(expected, rig.Swarms.Announced.Event);
    }

    [Theory]
    [InlineData("192.0.2.1", -1, 50)]
    [InlineData("192.0.2.1", int.MinValue, 50)]
    [InlineData("192.0.2.1", 0, 0)]
    [InlineData("192.0.2.1", 1, 1)]
    [InlineData("192.0.2.1", 200, 200)]
    [InlineData("192.0.2.1", 201, 200)]
    [InlineData("192.0.2.1", int.MaxValue, 200)]
    [InlineData("2001:db8::1", -1, 50)]
    [InlineData("2001:db8::1", 0, 0)]
    [InlineData("2001:db8::1", 76, 76)]
    [InlineData("2001:db8::1", 200, 76)]
    public void As_many_peers_are_given_as_are_wanted_allowed_and_fit(string client, int numWant, int expected)
    {
        using var rig = new ExchangeRig(new CannedSwarms { Peers = 1000 }, client: client);

        byte[] reply = rig.Announce(request => request with { NumWant = numWant });

        Assert.Equal(expected, rig.Swarms.Wanted);
        Assert.Equal(20 + (expected * (rig.Client.IsIPv6 ? 18 : 6)), reply.Length);
    }

    [Theory]
    [InlineData("192.0.2.1", 230)]
    [InlineData("2001:db8::1", 76)]
    public void No_more_peers_are_given_than_fit_whatever_is_allowed(string client, int expected)
    {
        using var rig = new ExchangeRig(new CannedSwarms { Peers = 10_000 }, options: new TrackerOptions { MaxNumWant = 10_000 }, client: client);

        rig.Announce(request => request with { NumWant = 10_000 });

        Assert.Equal(expected, rig.Swarms.Wanted);
    }

    [Fact]
    public void The_key_proves_who_it_is_and_without_one_the_id_does()
    {
        using var rig = new ExchangeRig();

        rig.Announce();
        Assert.Equal(99u, rig.Swarms.Announced.Key);

        rig.Announce(request => request with { Key = 0 });
        Assert.Equal(PeerKey.Of(0, new PeerId("-OT0001-abcdefghijkl"u8)), rig.Swarms.Announced.Key);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void The_path_of_the_URL_comes_in_options_and_malformed_ones_do_no_harm(string options, string path)
    {
        using var rig = new ExchangeRig();

        byte[] reply = rig.Announce(change: null, Bytes(options));

        Assert.Equal(38, reply.Length);
        Assert.Equal(path, rig.Access.Path);
    }

    [Fact]
    public void A_path_longer_than_one_option_holds_is_put_together()
    {
        using var rig = new ExchangeRig();
        byte[] url = Encoding.ASCII.GetBytes("/" + new string('x', 999));
        byte[] options = new byte[UdpOptionReader.LengthOfUrl(url.Length)];
        UdpOptionReader.WriteUrl(url, options);

        rig.Announce(change: null, options);

        Assert.Equal(Encoding.ASCII.GetString(url), rig.Access.Path);
    }

    [Fact]
    public void The_path_of_one_request_is_not_taken_for_that_of_the_next()
    {
        using var rig = new ExchangeRig();

        rig.Announce(change: null, Bytes("02032f6162"));
        rig.Announce();

        Assert.Equal("", rig.Access.Path);
    }

    [Fact]
    public void Scrape_is_answered_in_order_with_zeros_for_what_is_not_known()
    {
        using var rig = new ExchangeRig(new CannedSwarms { Unknown = ExchangeRig.Hash(2) });

        byte[] reply = rig.Send(ExchangeRig.ScrapeRequest(rig.Connect(), ExchangeRig.Hash(1), ExchangeRig.Hash(2), ExchangeRig.Hash(3)));

        const string Known = "00000005 0000000b 00000007";
        Assert.Equal(Bytes("00000002 feedf00d" + Known + "00000000 00000000 00000000" + Known), reply);
        Assert.Equal(1, rig.IPv4.Scrapes);
    }

    [Fact]
    public void Seventy_four_swarms_may_be_scraped_at_once()
    {
        using var rig = new ExchangeRig();

        byte[] reply = rig.Send(ExchangeRig.ScrapeRequest(rig.Connect(), [.. Enumerable.Range(0, 74).Select(ExchangeRig.Hash)]));

        Assert.Equal(8 + (74 * 12), reply.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(21)]
    public void A_scrape_that_is_not_a_row_of_info_hashes_is_refused(int length)
    {
        using var rig = new ExchangeRig();
        byte[] packet = ExchangeRig.ScrapeRequest(rig.Connect(), ExchangeRig.Hash(1), ExchangeRig.Hash(2));

        AssertError("The scrape is not a row of info-hashes.", rig.Send(packet.AsSpan(0, 16 + length)));
    }

    [Fact]
    public void A_swarm_that_is_not_served_is_one_nobody_knows()
    {
        using var rig = new ExchangeRig();
        rig.Access.OfScrapes = Refusal.TorrentNotAllowed;

        Assert.Equal(Bytes("00000002 feedf00d 00000000 00000000 00000000"), rig.Send(ExchangeRig.ScrapeRequest(rig.Connect(), ExchangeRig.Hash(1))));
    }

    [Fact]
    public void A_refused_announce_is_told_why()
    {
        using var rig = new ExchangeRig();
        rig.Access.OfAnnounces = Refusal.TorrentNotAllowed;

        AssertError("This torrent is not registered with this tracker.", rig.Announce());
        Assert.Equal((1, 0), (rig.IPv4.Refused, rig.IPv4.Announces));
    }

    [Fact]
    public void Port_zero_is_refused()
    {
        using var rig = new ExchangeRig();

        AssertError("The port must not be zero.", rig.Announce(request => request with { Port = 0 }));
    }

    [Fact]
    public void A_full_tracker_says_so()
    {
        using var rig = new ExchangeRig(new CannedSwarms { Status = AnnounceStatus.TooManyTorrents });

        AssertError("The tracker is full.", rig.Announce());
    }

    [Fact]
    public void A_refused_scrape_is_told_why()
    {
        using var rig = new ExchangeRig();
        rig.Access.OfScrapes = Refusal.TooManyRequests;

        AssertError("Too many requests from your address; ask again later.", rig.Send(ExchangeRig.ScrapeRequest(rig.Connect(), ExchangeRig.Hash(1))));
    }

    [Fact]
    public void Every_refusal_has_words_that_fit()
    {
        foreach (Refusal refusal in Enum.GetValues<Refusal>().Except([Refusal.None, Refusal.Ignored]))
        {
            using var rig = new ExchangeRig();
            rig.Access.OfAnnounces = refusal;
            AssertError(Encoding.ASCII.GetString(RefusalText.Of(refusal)), rig.Announce());
        }
    }

    [Fact]
    public void Who_is_to_be_ignored_hears_nothing()
    {
        using var rig = new ExchangeRig();
        rig.Access.OfAnnounces = Refusal.Ignored;
        rig.Access.OfScrapes = Refusal.Ignored;

        Assert.Empty(rig.Announce());
        Assert.Empty(rig.Send(ExchangeRig.ScrapeRequest(rig.Connect(), ExchangeRig.Hash(1))));
        rig.Access.Ignored = rig.Client;
        Assert.Empty(rig.Send(ExchangeRig.ConnectRequest()));
        Assert.Equal(3, rig.IPv4.Dropped);
    }

    [Fact]
    public void What_comes_from_port_zero_is_dropped()
    {
        using var rig = new ExchangeRig { ClientPort = 0 };

        Assert.Empty(rig.Send(ExchangeRig.ConnectRequest()));
        Assert.Equal(1, rig.IPv4.Dropped);
    }

    [Fact]
    public void An_id_that_does_not_hold_is_refused_before_anything_else()
    {
        using var rig = new ExchangeRig();
        ulong id = rig.Connect() ^ 0x8000;

        AssertError(Mismatch, rig.Send(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id))));
        AssertError(Mismatch, rig.Send(ExchangeRig.ScrapeRequest(id, ExchangeRig.Hash(1))));
        Assert.Empty(rig.Send(ExchangeRig.ScrapeRequest(id, ExchangeRig.Hash(1)).AsSpan(0, 16)));
        Assert.Equal(default, rig.Swarms.Announced);
        Assert.Equal((2, 1), (rig.IPv4.Refused, rig.IPv4.Dropped));
    }

    [Fact]
    public void An_id_of_another_address_is_refused()
    {
        using var rig = new ExchangeRig();
        byte[] packet = ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(rig.Connect()));

        rig.Client = ClientAddress.From(IPAddress.Parse("192.0.2.2"));

        AssertError(Mismatch, rig.Send(packet));
    }

    [Fact]
    public void An_id_holds_two_minutes()
    {
        using var rig = new ExchangeRig();
        byte[] packet = ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(rig.Connect()));

        rig.Time.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(38, rig.Send(packet).Length);

        rig.Time.Advance(TimeSpan.FromSeconds(1));
        AssertError(Mismatch, rig.Send(packet));
    }

    [Fact]
    public void The_swarm_of_a_request_is_fetched_ahead()
    {
        using var rig = new ExchangeRig();

        rig.Prefetch(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(1)));
        Assert.Equal(ExchangeRig.Hash(1), rig.Swarms.Prefetched);

        rig.Prefetch(ExchangeRig.ScrapeRequest(1, ExchangeRig.Hash(2), ExchangeRig.Hash(3)));
        Assert.Equal(ExchangeRig.Hash(2), rig.Swarms.Prefetched);

        rig.Prefetch(ExchangeRig.ConnectRequest());
        rig.Prefetch([]);
        Assert.Equal(ExchangeRig.Hash(2), rig.Swarms.Prefetched);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void A_request_allocates_nothing(string client)
    {
        using var rig = new ExchangeRig(access: new SetAccess { NotesPaths = false }, client: client);
        ulong id = rig.Connect();
        byte[][] packets =
        [
            ExchangeRig.ConnectRequest(),
            ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id)),
            ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id), Bytes("02032f616202026162")),
            ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id) with { Port = 0 }),
            ExchangeRig.ScrapeRequest(id, ExchangeRig.Hash(1), ExchangeRig.Hash(2)),
            ExchangeRig.ScrapeRequest(id + 256, ExchangeRig.Hash(1)),
        ];
        byte[] reply = new byte[UdpExchange.MaxReplyLength];

        long allocated = Allocation.Least(() =>
        {
            for (int i = 0; i < 10_000; i++)
                rig.Answer(packets[i % packets.Length], reply);
        });

        Assert.Equal(0, allocated);
    }

    private static byte[] Send(byte[] packet)
    {
        using var rig = new ExchangeRig();
        return rig.Send(packet);
    }

    private static void AssertError(string expected, ReadOnlySpan<byte> reply)
    {
        Assert.True(UdpErrorResponse.TryParse(reply, out UdpErrorResponse error), "It is an error.");
        Assert.Equal(expected, error.ToString());
        Assert.Equal(ExchangeRig.TransactionId, error.TransactionId);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
