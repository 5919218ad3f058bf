using System.Net;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Protocol.Tests.Trackers;

public sealed class HttpTrackerUrlTests
{
    private static readonly AnnounceRequest Request = new()
    {
        InfoHash = new InfoHash([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x12, 0x34, 0x56, 0x78, 0x9a]),
        PeerId = new PeerId("-OT0001-~ab.c_def+/&"u8),
        Port = 6881,
        Uploaded = 1,
        Downloaded = 2,
        Left = 3,
    };

    private const string Standard =
        "info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A&peer_id=-OT0001-~ab.c_def%2B%2F%26" +
        "&port=6881&uploaded=1&downloaded=2&left=3&compact=1&no_peer_id=1";

    [Theory]
    [InlineData("http://t.example/announce", "http://t.example/announce?")]
    [InlineData("http://t.example:8080", "http://t.example:8080/?")]
    [InlineData("http://t.example?pass=1", "http://t.example/?pass=1&")]
    [InlineData("http://t.example/a?passkey=AB%2fc", "http://t.example/a?passkey=AB%2fc&")]
    [InlineData("http://t.example/a?", "http://t.example/a?")]
    [InlineData("http://t.example/a?x=1&", "http://t.example/a?x=1&")]
    [InlineData("http://t.example/a#frag?x", "http://t.example/a?")]
    [InlineData("http://t.example/a b\r\nX: y", "http://t.example/a%20b%0D%0AX:%20y?")]
    [InlineData("https://[2001:db8::1]:443/ä", "https://[2001:db8::1]:443/%C3%A4?")]
    public void The_announce_is_added_to_what_the_URL_holds(string announceUrl, string expected) =>
        Assert.Equal(expected + Standard, HttpTrackerUrl.ForAnnounce(announceUrl, Request));

    [Theory]
    [InlineData(AnnounceEvent.Started, "started")]
    [InlineData(AnnounceEvent.Completed, "completed")]
    [InlineData(AnnounceEvent.Stopped, "stopped")]
    [InlineData(AnnounceEvent.Paused, "paused")]
    public void An_event_is_named(AnnounceEvent value, string name) =>
        Assert.EndsWith("&event=" + name, HttpTrackerUrl.ForAnnounce("http://t/a", Request with { Event = value }), StringComparison.Ordinal);

    [Fact]
    public void What_is_known_beyond_the_standard_is_told()
    {
        string url = HttpTrackerUrl.ForAnnounce("http://t/a", Request with
        {
            Key = 0xab,
            NumWant = 0,
            Address = IPAddress.Parse("1.2.3.4"),
            IPv4Address = IPAddress.Parse("5.6.7.8"),
            IPv6Address = IPAddress.Parse("fe80::1%3"),
            TrackerId = new byte[] { (byte)'i', 0xff },
        });

        Assert.EndsWith("&key=000000AB&numwant=0&ip=1.2.3.4&ipv4=5.6.7.8&ipv6=fe80%3A%3A1&trackerid=i%FF", url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://e.com/announce", "http://e.com/scrape?")]
    [InlineData("http://e.com/x/announce", "http://e.com/x/scrape?")]
    [InlineData("http://e.com/announce.php", "http://e.com/scrape.php?")]
    [InlineData("http://e.com/announce?x=2%0644", "http://e.com/scrape?x=2%0644&")]
    [InlineData("http://e.com/announce?x=2/4", "http://e.com/scrape?x=2/4&")]
    [InlineData("http://e.com/announce/announce", "http://e.com/announce/scrape?")]
    [InlineData("http://e.com/a", null)]
    [InlineData("http://e.com/announce/x", null)]
    [InlineData("http://e.com/x%064announce", null)]
    [InlineData("http://announce", null)]
    [InlineData("http://e.com?announce", null)]
    public void The_scrape_URL_is_derived_from_the_last_segment(string announceUrl, string? expected)
    {
        bool derived = HttpTrackerUrl.TryForScrape(announceUrl, [new("aaaaaaaaaaaaaaaaaaaa"u8), new("bbbbbbbbbbbbbbbbbbbb"u8)], out string? url);

        Assert.Equal(expected is not null, derived);
        Assert.Equal(expected is null ? null : expected + "info_hash=aaaaaaaaaaaaaaaaaaaa&info_hash=bbbbbbbbbbbbbbbbbbbb", url);
    }
}
