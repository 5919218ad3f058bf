using System.Text;
using CsCheck;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Protocol.Tests.Trackers;

public sealed class TrackerPropertyTests
{
    private static readonly string[] Seeds =
    [
        "d8:completei9e10:incompletei5e8:intervali1800e5:peers6:aaaabb6:peers618:aaaaaaaaaaaaaaaabbe",
        "d8:intervali60e5:peersld2:ip9:127.0.0.14:porti6881eed2:ip2:::4:porti1eeee",
        "d14:failure reason5:sorry8:retry in5:nevere",
        "d5:filesd20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi13772e10:incompletei19eeee",
    ];

    private static readonly Gen<byte[]> Mutated =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 120], Gen.Byte, Gen.Int[0, 120], (seed, at, value, cut) =>
        {
            byte[] bytes = Encoding.ASCII.GetBytes(Seeds[seed]);
            bytes[at % bytes.Length] = value;
            return cut < bytes.Length ? bytes[..cut] : bytes;
        });

    [Fact]
    public void No_datagram_makes_a_parser_throw() => Gen.Byte.Array[0, 300].Sample(packet =>
    {
        Assert.Equal(packet.Length >= 16, UdpRequestHeader.TryParse(packet, out UdpRequestHeader header));
        Assert.Equal(packet.Length >= 98 && header.Action == UdpAction.Announce, UdpAnnounceRequest.TryParse(packet, out _));
        Assert.Equal(header is { ConnectionId: 0x41727101980, Action: UdpAction.Connect }, UdpConnectRequest.TryParse(packet, out _));
        Assert.True(packet.Length >= 16 || !UdpConnectResponse.TryParse(packet, out _));
        if (UdpAnnounceResponse.TryParse(packet, isIPv6: packet.Length % 2 == 0, out _, out CompactPeers peers))
        {
            foreach (CompactPeer peer in peers)
                peer.ToEndPoint();
        }

        if (UdpScrapeRequest.TryParse(packet, out UdpScrapeRequest request))
            _ = request[request.Count - 1];
        if (UdpScrapeResponse.TryParse(packet, out UdpScrapeResponse response) && response.Count > 0)
            _ = response[response.Count - 1];
        if (UdpErrorResponse.TryParse(packet, out UdpErrorResponse error))
            Assert.True(error.ToString().Length <= 256);
        UdpOptionReader.TryReadUrl(packet, new byte[packet.Length], out _);
    });

    [Fact]
    public void No_action_with_anything_behind_it_makes_a_parser_throw() =>
        Gen.Select(Gen.Byte[0, 3], Gen.Byte.Array[0, 200]).Sample((action, rest) =>
        {
            byte[] packet = [0, 0, 0, action, .. rest];
            if (UdpAnnounceResponse.TryParse(packet, isIPv6: false, out _, out CompactPeers peers) && peers.Count > 0)
                _ = peers[peers.Count - 1].ToEndPoint();
            if (UdpScrapeResponse.TryParse(packet, out UdpScrapeResponse response) && response.Count > 0)
                _ = response[response.Count - 1];
            if (UdpErrorResponse.TryParse(packet, out UdpErrorResponse error))
                _ = error.ToString();
        });

    [Fact]
    public void No_HTTP_answer_makes_a_parser_throw() => Gen.OneOf(Gen.Byte.Array[0, 200], Mutated).Sample(body =>
    {
        bool announced = HttpTrackerResponse.TryParseAnnounce(body, out AnnounceResponse? response, out TrackerFailure? failure);
        Assert.Equal(announced, response is not null);
        Assert.Equal(announced, failure is null);
        bool scraped = HttpTrackerResponse.TryParseScrape(body, out ScrapeResponse? scrape, out failure);
        Assert.Equal(scraped, scrape is not null);
        Assert.Equal(scraped, failure is null);
    });

    [Fact]
    public void No_announce_URL_makes_the_builder_throw_or_lets_anything_but_visible_ASCII_into_the_request_line() =>
        Gen.String.Sample(text =>
        {
            var request = new AnnounceRequest { InfoHash = default, PeerId = default, Port = 1 };
            string url = HttpTrackerUrl.ForAnnounce("http://t/" + text, request);
            Assert.All(url, c => Assert.InRange(c, '!', '~'));
            HttpTrackerUrl.TryForScrape(text, [default], out _);
        });

    [Fact]
    public void An_announce_request_comes_back_as_it_was_written() =>
        Gen.Select(Gen.ULong, Gen.UInt, Gen.Byte.Array[40], Gen.Long.Array[3], Gen.Int[0, 3], Gen.UInt, Gen.Int, Gen.UShort).Sample(
            (connection, transaction, ids, totals, kind, key, want, port) =>
            {
                var request = new UdpAnnounceRequest(
                    connection, transaction, new(ids.AsSpan(0, 20)), new(ids.AsSpan(20)), totals[0], totals[1], totals[2],
                    (AnnounceEvent)kind, transaction ^ key, key, want, port);
                byte[] packet = new byte[UdpAnnounceRequest.WireLength];
                request.Write(packet);
                Assert.True(UdpAnnounceRequest.TryParse(packet, out UdpAnnounceRequest parsed));
                Assert.Equal(request, parsed);
            });

    [Fact]
    public void URL_options_come_back_as_they_were_written() => Gen.Byte.Array[0, 1200].Sample(url =>
    {
        byte[] options = new byte[UdpOptionReader.LengthOfUrl(url.Length)];
        Assert.Equal(options.Length, UdpOptionReader.WriteUrl(url, options));
        byte[] read = new byte[options.Length];
        Assert.True(UdpOptionReader.TryReadUrl(options, read, out int written));
        Assert.Equal(url, read[..written]);
    });
}
