using System.Net;
using System.Text;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Protocol.Tests.Trackers;

public sealed class HttpTrackerResponseTests
{
    [Fact]
    public void A_compact_answer_is_read()
    {
        AnnounceResponse response = Good(
            "d8:completei9e10:downloadedi7e11:external ip4:\x01\x02\x03\x04" + "10:incompletei5e8:intervali1800e12:min intervali900e" +
            "5:peers12:\x7f\0\0\x01\x1a\xe1\x0a\x0b\x0c\x0d\0\x50" + "10:tracker id3:a\xffz15:warning message4:slowe");

        Assert.Equal(TimeSpan.FromMinutes(30), response.Interval);
        Assert.Equal(TimeSpan.FromMinutes(15), response.MinInterval);
        Assert.Equal((9, 5, 7), (response.Seeders, response.Leechers, response.Completed));
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:6881"), IPEndPoint.Parse("10.11.12.13:80")], response.Peers);
        Assert.Equal("slow", response.Warning);
        Assert.Equal([(byte)'a', 0xff, (byte)'z'], response.TrackerId.ToArray());
        Assert.Equal(IPAddress.Parse("1.2.3.4"), response.ExternalAddress);
    }

    [Fact]
    public void Peers_of_both_families_are_read()
    {
        AnnounceResponse response = Good(
            "d8:intervali1800e5:peers6:\x01\x02\x03\x04\0\x05" + "6:peers618:\x20\x01\x0d\xb8" + new string('\0', 11) + "\x01\x1a\xe1" + "e");

        Assert.Equal([IPEndPoint.Parse("1.2.3.4:5"), IPEndPoint.Parse("[2001:db8::1]:6881")], response.Peers);
    }

    [Fact]
    public void Peers_as_dictionaries_are_read()
    {
        AnnounceResponse response = Good(
            "d8:intervali60e5:peersl" +
            "d2:ip9:127.0.0.17:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881ee" +
            "d2:ip11:2001:db8::14:porti80ee" +
            "d2:ip11:example.com4:porti80ee" + // a host name
            "d2:ip4:10.14:porti80ee" + // half an address
            "d2:ip7:1.2.3.44:porti0ee" +
            "d2:ip7:1.2.3.44:porti70000ee" +
            "d2:ip7:1.2.3.4e" +
            "i7ellleee0:" + // what is no peer at all
            "d2:ipl7:1.2.3.4e4:portd1:xi1eee" +
            "ee");

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:6881"), IPEndPoint.Parse("[2001:db8::1]:80")], response.Peers);
    }

    [Theory]
    [InlineData("d8:intervali1800e5:peers0:e")]
    [InlineData("d8:intervali1800e5:peerslee")]
    [InlineData("d8:intervali1800ee")]
    [InlineData("d5:peers0:8:intervali1800ee")] // unsorted
    [InlineData("d8:intervali01800e5:peers0:e\r\n")] // leading zero, bytes after the end
    [InlineData("d8:intervali1800e5:peers5:xxxxxe")] // less than one peer
    [InlineData("d8:intervali1800e5:peersi7ee")] // peers of no known kind
    public void An_answer_may_hold_no_peers(string body)
    {
        AnnounceResponse response = Good(body);
        Assert.Empty(response.Peers);
        Assert.Equal(TimeSpan.FromMinutes(30), response.Interval);
        Assert.Null(response.Seeders);
    }

    [Theory]
    [InlineData("d8:intervali-5e12:min intervali-1e8:completei-1e5:peers0:e", 0)]
    [InlineData("d8:intervali9223372036854775807e5:peers0:e", 365 * 24 * 60 * 60)]
    [InlineData("d8:interval4:18005:peers0:e", 0)] // a string is no number
    public void Senseless_numbers_are_tamed(string body, int seconds)
    {
        AnnounceResponse response = Good(body);
        Assert.Equal(TimeSpan.FromSeconds(seconds), response.Interval);
        Assert.Null(response.MinInterval);
        Assert.Null(response.Seeders);
    }

    [Fact]
    public void Peers_that_cannot_be_reached_are_left_out() =>
        Assert.Empty(Good("d8:intervali1800e5:peers12:\x01\x02\x03\x04\0\0" + "\0\0\0\0\x1a\xe1" + "e").Peers);

    [Fact]
    public void More_peers_than_anyone_needs_are_left_out()
    {
        string many = string.Concat(Enumerable.Repeat("\x01\x02\x03\x04\0\x05", 5000));
        Assert.Equal(HttpTrackerResponse.MaxPeers, Good($"d8:intervali1e5:peers30000:{many}e").Peers.Count);
    }

    [Theory]
    [InlineData("d14:failure reason12:not allowed\ne", "not allowed", null)]
    [InlineData("d14:failure reason0:e", "refused without a reason", null)]
    [InlineData("d14:failure reason10:Overloaded8:retry ini5ee", "Overloaded", 300)]
    [InlineData("d14:failure reason10:Overloaded8:retry in1:5e", "Overloaded", 300)]
    [InlineData("d14:failure reason13:Not a tracker8:retry in5:nevere", "Not a tracker", -1)]
    [InlineData("d14:failure reason4:Gone8:retry ini-5ee", "Gone", null)]
    [InlineData("d14:failure reason4:Gone8:intervali60e5:peers0:e", "Gone", null)]
    [InlineData("d14:failure reason4:Gone8:interval", "Gone", null)] // cut short behind it
    public void A_refusal_carries_the_trackers_words(string body, string message, int? retrySeconds)
    {
        TrackerFailure failure = Bad(body);
        Assert.Equal(TrackerFailureReason.Refused, failure.Reason);
        Assert.Equal(message, failure.Message);
        TimeSpan? expected = retrySeconds switch
        {
            null => null,
            -1 => Timeout.InfiniteTimeSpan,
            { } seconds => TimeSpan.FromSeconds(seconds),
        };
        Assert.Equal(expected, failure.RetryIn);
    }

    [Theory]
    [InlineData("", "the answer is not bencoded (offset 0:")]
    [InlineData("<html>nope</html>", "the answer is not bencoded (offset 0:")]
    [InlineData("d8:intervali1800e5:peers12:xx", "the answer is not bencoded (offset 27:")]
    [InlineData("d8:intervali1800e", "the answer is not bencoded (offset 17:")]
    [InlineData("le", "the answer is not a dictionary")]
    [InlineData("i5e", "the answer is not a dictionary")]
    [InlineData("de", "the answer holds neither an interval nor peers")]
    public void Garbage_is_named(string body, string message)
    {
        TrackerFailure failure = Bad(body);
        Assert.Equal(TrackerFailureReason.InvalidResponse, failure.Reason);
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Equal(TrackerFailureReason.InvalidResponse, Bad("d1:x" + new string('l', 100_000)).Reason);

    [Fact]
    public void A_scrape_is_read_as_in_BEP_48()
    {
        const string Body =
            "d5:filesd" +
            "20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi13772e10:incompletei19ee" +
            "20:yyyyyyyyyyyyyyyyyyyyd8:completei21e10:downloadedi206e11:downloadersi4e10:incompletei20e4:name1:nee" +
            "5:shortd8:completei1eee" +
            "5:flagsd20:min_request_intervali3600eee";
        Assert.True(HttpTrackerResponse.TryParseScrape(Encoding.Latin1.GetBytes(Body), out ScrapeResponse? response, out _));

        Assert.Equal(2, response.Entries.Count);
        Assert.Equal(new ScrapeEntry(11, 13772, 19), response.Entries[new("xxxxxxxxxxxxxxxxxxxx"u8)]);
        Assert.Equal(new ScrapeEntry(21, 206, 20, 4), response.Entries[new("yyyyyyyyyyyyyyyyyyyy"u8)]);
    }

    [Theory]
    [InlineData("d14:failure_reason2:noe", TrackerFailureReason.Refused)]
    [InlineData("d5:filesle", TrackerFailureReason.InvalidResponse)]
    [InlineData("de", TrackerFailureReason.InvalidResponse)]
    [InlineData("d5:filesd20:xxxxxxxxxxxxxxxxxxxx", TrackerFailureReason.InvalidResponse)]
    public void A_bad_scrape_is_a_failure(string body, TrackerFailureReason reason)
    {
        Assert.False(HttpTrackerResponse.TryParseScrape(Encoding.Latin1.GetBytes(body), out _, out TrackerFailure? failure));
        Assert.Equal(reason, failure.Reason);
    }

    private static AnnounceResponse Good(string body)
    {
        bool good = HttpTrackerResponse.TryParseAnnounce(Encoding.Latin1.GetBytes(body), out AnnounceResponse? response, out TrackerFailure? failure);
        Assert.True(good, failure?.Message);
        return response!;
    }

    private static TrackerFailure Bad(string body)
    {
        Assert.False(HttpTrackerResponse.TryParseAnnounce(Encoding.Latin1.GetBytes(body), out _, out TrackerFailure? failure));
        return failure;
    }
}
