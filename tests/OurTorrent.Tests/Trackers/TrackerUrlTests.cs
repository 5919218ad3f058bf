using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class TrackerUrlTests
{
    [Theory]
    [InlineData("udp://t.example:80", TrackerScheme.Udp, "t.example", 80, "/")]
    [InlineData("UDP://T.example:80/announce?a=b#f", TrackerScheme.Udp, "t.example", 80, "/announce?a=b")]
    [InlineData("udp://[2001:db8::1]:6969/announce", TrackerScheme.Udp, "2001:db8::1", 6969, "/announce")]
    [InlineData("http://t.example/announce", TrackerScheme.Http, "t.example", 80, "/announce")]
    [InlineData("https://t.example/announce", TrackerScheme.Http, "t.example", 443, "/announce")]
    [InlineData("http://tracker.bücher.example/a", TrackerScheme.Http, "tracker.xn--bcher-kva.example", 80, "/a")]
    public void An_announce_URL_says_how_to_reach_the_tracker(string text, object scheme, string host, int port, string path)
    {
        Assert.True(TrackerUrl.TryParse(text, out TrackerUrl? url, out _));
        Assert.Equal(new TrackerUrl((TrackerScheme)scheme, host, port, path), url with { PathAndQuery = url.PathAndQuery is "" ? "/" : url.PathAndQuery });
    }

    [Fact]
    public void A_URL_of_unreasonable_length_is_refused()
    {
        Assert.False(TrackerUrl.TryParse("http://t/" + new string('a', 5000), out _, out TrackerFailure? failure));
        Assert.Equal(TrackerFailureReason.InvalidUrl, failure.Reason);
    }
}
