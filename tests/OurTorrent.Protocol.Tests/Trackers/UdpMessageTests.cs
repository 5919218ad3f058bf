using System.Net;
using System.Text;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Protocol.Tests.Trackers;

public sealed class UdpMessageTests
{
    private static readonly InfoHash Hash = new("aaaaaaaaaaaaaaaaaaaa"u8);
    private static readonly PeerId Id = new("-OT0001-bbbbbbbbbbbb"u8);

    [Fact]
    public void A_connect_request_has_the_bytes_of_BEP_15()
    {
        byte[] packet = new byte[UdpConnectRequest.WireLength];
        new UdpConnectRequest(0x01020304).Write(packet);

        Assert.Equal("00000417271019800000000001020304", Convert.ToHexStringLower(packet));
        Assert.True(UdpConnectRequest.TryParse(packet, out UdpConnectRequest parsed));
        Assert.Equal(0x01020304u, parsed.TransactionId);
    }

    [Theory]
    [InlineData("00000417271019810000000001020304")] // another protocol id
    [InlineData("00000417271019800000000101020304")] // another action
    [InlineData("000004172710198000000000010203")] // a byte short
    [InlineData("")]
    public void What_is_no_connect_request_is_refused(string hex) =>
        Assert.False(UdpConnectRequest.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_connect_response_has_the_bytes_of_BEP_15()
    {
        byte[] packet = new byte[UdpConnectResponse.WireLength];
        new UdpConnectResponse(0x01020304, 0x1122334455667788).Write(packet);

        Assert.Equal("00000000010203041122334455667788", Convert.ToHexStringLower(packet));
        Assert.True(UdpConnectResponse.TryParse([.. packet, 9, 9], out UdpConnectResponse parsed));
        Assert.Equal(new(0x01020304, 0x1122334455667788), parsed);
        Assert.False(UdpConnectResponse.TryParse(packet.AsSpan(0, 15), out _));
    }

    [Fact]
    public void An_announce_request_has_the_bytes_of_BEP_15()
    {
        var request = new UdpAnnounceRequest(
            0x1122334455667788, 0x01020304, Hash, Id, 1, 2, 3, AnnounceEvent.Started, 0x0a000001, 0xcafebabe, -1, 6881);
        byte[] packet = new byte[UdpAnnounceRequest.WireLength];
        request.Write(packet);

        Assert.Equal(
            "1122334455667788" + "00000001" + "01020304" + string.Concat(Enumerable.Repeat("61", 20)) +
            "2d4f54303030312d" + string.Concat(Enumerable.Repeat("62", 12)) +
            "0000000000000001" + "0000000000000002" + "0000000000000003" +
            "00000002" + "0a000001" + "cafebabe" + "ffffffff" + "1ae1",
            Convert.ToHexStringLower(packet));
        Assert.True(UdpAnnounceRequest.TryParse(packet, out UdpAnnounceRequest parsed));
        Assert.Equal(request, parsed);
        Assert.False(UdpAnnounceRequest.TryParse(packet.AsSpan(0, 97), out _));
    }

    [Fact]
    public void An_event_UDP_has_no_number_for_is_sent_and_read_as_none()
    {
        var request = new UdpAnnounceRequest(1, 2, Hash, Id, 0, 0, 0, AnnounceEvent.Paused, 0, 0, 0, 1);
        byte[] packet = new byte[UdpAnnounceRequest.WireLength];
        request.Write(packet);
        Assert.Equal(0, packet[83]);

        packet[83] = 77;
        Assert.True(UdpAnnounceRequest.TryParse(packet, out UdpAnnounceRequest parsed));
        Assert.Equal(AnnounceEvent.None, parsed.Event);
    }

    [Fact]
    public void An_announce_response_lists_IPv4_peers_of_6_bytes()
    {
        byte[] packet = Convert.FromHexString("00000001" + "01020304" + "00000708" + "00000005" + "00000009" + "7f000001" + "1ae1" + "0a0b0c0d" + "0050" + "ff");

        Assert.True(UdpAnnounceResponse.TryParse(packet, isIPv6: false, out UdpAnnounceResponse response, out CompactPeers peers));
        Assert.Equal(new UdpAnnounceResponse(0x01020304, 1800, Leechers: 5, Seeders: 9), response);
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:6881"), IPEndPoint.Parse("10.11.12.13:80")], ToList(peers));
    }

    [Fact]
    public void An_announce_response_lists_IPv6_peers_of_18_bytes()
    {
        byte[] packet = new byte[UdpAnnounceResponse.HeaderLength + CompactPeer.IPv6Length];
        new UdpAnnounceResponse(7, 60, 0, 1).Write(packet);
        CompactPeer.From(IPEndPoint.Parse("[2001:db8::1]:6881")).Write(packet.AsSpan(UdpAnnounceResponse.HeaderLength));

        Assert.True(UdpAnnounceResponse.TryParse(packet, isIPv6: true, out _, out CompactPeers peers));
        Assert.Equal([IPEndPoint.Parse("[2001:db8::1]:6881")], ToList(peers));
    }

    [Fact]
    public void Counts_beyond_reason_do_not_turn_negative()
    {
        byte[] packet = Convert.FromHexString("00000001" + "01020304" + "80000000" + "ffffffff" + "ffffffff");

        Assert.True(UdpAnnounceResponse.TryParse(packet, isIPv6: false, out UdpAnnounceResponse response, out CompactPeers peers));
        Assert.Equal(int.MaxValue, response.Seeders);
        Assert.Equal(int.MaxValue, response.Leechers);
        Assert.Equal(0, peers.Count);
    }

    [Fact]
    public void A_scrape_asks_for_swarms_in_order()
    {
        var other = new InfoHash("cccccccccccccccccccc"u8);
        byte[] packet = new byte[UdpScrapeRequest.WireLengthOf(2)];

        Assert.Equal(56, UdpScrapeRequest.Write(packet, 0x1122334455667788, 0x01020304, [Hash, other]));
        Assert.Equal("11223344556677880000000201020304", Convert.ToHexStringLower(packet.AsSpan(0, 16)));
        Assert.True(UdpScrapeRequest.TryParse(packet, out UdpScrapeRequest parsed));
        Assert.Equal(2, parsed.Count);
        Assert.Equal(Hash, parsed[0]);
        Assert.Equal(other, parsed[1]);
        Assert.False(UdpScrapeRequest.TryParse(packet.AsSpan(0, 20), out _));
    }

    [Fact]
    public void A_scrape_for_too_many_swarms_is_cut()
    {
        byte[] packet = new byte[UdpScrapeRequest.WireLengthOf(100)];
        UdpScrapeRequest.Write(packet, 1, 2, Enumerable.Repeat(Hash, UdpScrapeRequest.MaxCount).ToArray());

        Assert.True(UdpScrapeRequest.TryParse(packet, out UdpScrapeRequest parsed));
        Assert.Equal(UdpScrapeRequest.MaxCount, parsed.Count);
    }

    [Fact]
    public void A_scrape_response_has_the_bytes_of_BEP_15()
    {
        byte[] packet = new byte[UdpScrapeResponse.WireLengthOf(1)];
        UdpScrapeResponse.Write(packet, 0x01020304, [new ScrapeEntry(Seeders: 1, Completed: 2, Leechers: 3)]);

        Assert.Equal("0000000201020304000000010000000200000003", Convert.ToHexStringLower(packet));
        Assert.True(UdpScrapeResponse.TryParse(packet, out UdpScrapeResponse parsed));
        Assert.Equal(1, parsed.Count);
        Assert.Equal(new ScrapeEntry(1, 2, 3), parsed[0]);
    }

    [Fact]
    public void An_error_is_shown_on_one_line_without_control_characters()
    {
        byte[] packet = new byte[64];
        int length = UdpErrorResponse.Write(packet, 5, "no\r\nsuch\u001b[31m torrent"u8);

        Assert.True(UdpErrorResponse.TryParse(packet.AsSpan(0, length), out UdpErrorResponse parsed));
        Assert.Equal(5u, parsed.TransactionId);
        Assert.Equal("no  such [31m torrent", parsed.ToString());
    }

    [Fact]
    public void An_endless_error_is_cut()
    {
        byte[] packet = new byte[2000];
        packet.AsSpan().Fill((byte)'x');
        UdpErrorResponse.Write(packet, 5, default);

        Assert.True(UdpErrorResponse.TryParse(packet, out UdpErrorResponse parsed));
        Assert.Equal(256, parsed.ToString().Length);
    }

    [Fact]
    public void The_URL_options_have_the_bytes_of_BEP_41()
    {
        byte[] options = new byte[UdpOptionReader.LengthOfUrl(12)];

        Assert.Equal(14, UdpOptionReader.WriteUrl("/dir?a=b&c=d"u8, options));
        Assert.Equal([2, 12, .. "/dir?a=b&c=d"u8], options);
        Assert.Equal([2, 0], WriteUrl(""));
    }

    [Theory]
    [InlineData("020c2f6469723f613d6226633d64", "/dir?a=b&c=d")]
    [InlineData("020c2f6469723f613d6226633d64010100", "/dir?a=b&c=d")]
    [InlineData("0200", "")]
    [InlineData("01010201610102026263", "abc")] // NOPs between pieces
    [InlineData("7f0361616102016205", "b")] // an unknown option is skipped, a truncated one ends the list
    [InlineData("0201610002016200", "a")] // nothing counts after the end
    public void URL_options_are_put_together(string hex, string expected)
    {
        byte[] options = Convert.FromHexString(hex);
        byte[] url = new byte[options.Length];

        Assert.True(UdpOptionReader.TryReadUrl(options, url, out int written));
        Assert.Equal(expected, Encoding.ASCII.GetString(url, 0, written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0101")]
    [InlineData("02")]
    [InlineData("020561")]
    public void Without_a_whole_URL_option_there_is_none(string hex) =>
        Assert.False(UdpOptionReader.TryReadUrl(Convert.FromHexString(hex), new byte[100], out _));

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(600)]
    public void A_long_URL_is_sent_in_pieces(int length)
    {
        string url = new('x', length);
        byte[] options = WriteUrl(url);
        byte[] read = new byte[options.Length];

        Assert.Equal(UdpOptionReader.LengthOfUrl(length), options.Length);
        Assert.True(UdpOptionReader.TryReadUrl(options, read, out int written));
        Assert.Equal(url, Encoding.ASCII.GetString(read, 0, written));
    }

    [Theory]
    [InlineData("1.2.3.4:1", 6)]
    [InlineData("[::ffff:1.2.3.4]:1", 6)]
    [InlineData("[2001:db8::7]:65535", 18)]
    public void A_peer_takes_the_bytes_of_its_kind(string text, int length)
    {
        CompactPeer peer = CompactPeer.From(IPEndPoint.Parse(text));
        byte[] bytes = new byte[length];
        peer.Write(bytes);

        Assert.Equal(length, peer.WireLength);
        Assert.True(CompactPeer.TryParse(bytes, out CompactPeer parsed));
        Assert.Equal(peer, parsed);
        Assert.True(peer.IsUsable);
    }

    private static byte[] WriteUrl(string url)
    {
        byte[] options = new byte[UdpOptionReader.LengthOfUrl(url.Length)];
        return options[..UdpOptionReader.WriteUrl(Encoding.ASCII.GetBytes(url), options)];
    }

    private static List<IPEndPoint> ToList(CompactPeers peers)
    {
        var list = new List<IPEndPoint>();
        foreach (CompactPeer peer in peers)
            list.Add(peer.ToEndPoint());
        return list;
    }
}
