using System.Text;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Protocol.Tests.Trackers;

/// <summary>Answers of trackers as long as they may be, whose shape is meant to cost much: memory and time stay in proportion.</summary>
public sealed class TrackerShapeTests
{
    private const int Length = 1024 * 1024;
    private const int MostForEachByte = 64;
    private const int LongestDatagram = 65_507;

    [Theory]
    [InlineData("compact peers", "d5:peers1048560:", "aaaabb", "e")]
    [InlineData("peers", "d8:intervali1e5:peersl", "d2:ip7:1.2.3.44:porti1ee", "ee")]
    [InlineData("peers of IPv6", "d8:intervali1e5:peersl", "d2:ip3:::14:porti1ee", "ee")]
    [InlineData("peers that are none", "d8:intervali1e5:peersl", "de", "ee")]
    [InlineData("lists of peers", "d8:intervali1e", "5:peersle", "e")]
    [InlineData("refusals", "d", "14:failure reason1:a", "e")]
    [InlineData("warnings", "d8:intervali1e", "15:warning message1:a", "e")]
    [InlineData("tracker ids", "d8:intervali1e", "10:tracker id2:ab", "e")]
    [InlineData("addresses", "d8:intervali1e", "11:external ip4:aaaa", "e")]
    [InlineData("lists within lists", "d8:intervali1e1:zl", "llleee", "ee")]
    public void An_announce_of_many(string what, string start, string repeated, string end)
    {
        byte[] body = Repeat(start, repeated, end);

        AssertCheap(what, body.Length, () => _ = HttpTrackerResponse.TryParseAnnounce(body, out _, out _));
    }

    [Theory]
    [InlineData("swarms", "d5:filesd", "20:aaaaaaaaaaaaaaaaaaaad8:completei1ee", "ee")]
    [InlineData("swarms that are none", "d5:filesd", "1:ade", "ee")]
    [InlineData("files", "d", "5:filesde", "e")]
    public void A_scrape_of_many(string what, string start, string repeated, string end)
    {
        byte[] body = Repeat(start, repeated, end);

        AssertCheap(what, body.Length, () => _ = HttpTrackerResponse.TryParseScrape(body, out _, out _));
    }

    [Fact]
    public void A_scrape_of_swarms_that_all_differ()
    {
        byte[] body = Encoding.ASCII.GetBytes("d5:filesd" + string.Concat(Enumerable.Range(0, Length / 25).Select(i => $"20:{i:D20}de")) + "ee");

        AssertCheap("swarms", body.Length, () => _ = HttpTrackerResponse.TryParseScrape(body, out _, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_datagram_full_of_peers_is_walked_without_allocation(bool isIPv6)
    {
        var packet = new byte[LongestDatagram];
        packet[3] = (byte)UdpAction.Announce;

        Assert.Equal(0, Allocation.Least(() =>
        {
            Assert.True(UdpAnnounceResponse.TryParse(packet, isIPv6, out _, out CompactPeers peers));
            foreach (CompactPeer peer in peers)
                Assert.False(peer.IsUsable);
        }));
    }

    [Fact]
    public void A_refusal_as_long_as_a_datagram_costs_no_more_than_what_is_shown_of_it()
    {
        var packet = new byte[LongestDatagram];
        packet[3] = (byte)UdpAction.Error;
        packet.AsSpan(8).Fill((byte)'a');

        Assert.InRange(
            Allocation.Least(
                () =>
                {
                    Assert.True(UdpErrorResponse.TryParse(packet, out UdpErrorResponse error));
                    Assert.Equal(256, error.ToString().Length);
                },
                enough: 16 * 1024),
            0,
            16 * 1024);
    }

    private static byte[] Repeat(string start, string repeated, string end) =>
        Encoding.ASCII.GetBytes(start + string.Concat(Enumerable.Repeat(repeated, (Length - start.Length) / repeated.Length)) + end);

    private static void AssertCheap(string what, int length, Action read)
    {
        long enough = 64 * 1024 + ((long)MostForEachByte * length);
        long allocated = Allocation.Least(read, enough);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {(double)allocated / length:0.0} bytes allocated a byte");
        Assert.InRange(allocated, 0, enough);
    }
}
