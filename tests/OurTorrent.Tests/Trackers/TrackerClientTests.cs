using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class TrackerClientTests : IAsyncDisposable
{
    private static readonly AnnounceRequest Request = new()
    {
        InfoHash = new InfoHash([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xff, 0xc3, 0xa9, 0xe2, 0x80, 0x8e, 0x2f, 0x25, 0x41, 0x7e]),
        PeerId = new PeerId("-OT0001-bbbbbbbbbbbb"u8),
        Port = 6881,
        Left = 5,
        Event = AnnounceEvent.Started,
        Key = 77,
    };

    private readonly TrackerClient _client = new(new TrackerClientOptions { FirstRetry = TimeSpan.FromMilliseconds(50), UserAgent = "OurTorrent/test" });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task A_UDP_tracker_answers_an_announce()
    {
        await using var tracker = new LoopbackUdpTracker { Peers = [CompactPeer.From(IPEndPoint.Parse("127.0.0.1:6882"))] };
        AnnounceResponse response = await _client.AnnounceAsync(tracker.Url, Request, Token);

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:6882")], response.Peers);
        Assert.Equal((1, 2), (response.Seeders, response.Leechers));
        UdpAnnounceRequest heard = Assert.Single(tracker.Announces);
        Assert.Equal((Request.InfoHash, Request.PeerId, 5L, 77u, (ushort)6881), (heard.InfoHash, heard.PeerId, heard.Left, heard.Key, heard.Port));
        Assert.Equal("/announce?pass=1", Assert.Single(tracker.Urls));
    }

    [Fact]
    public async Task Lost_datagrams_are_sent_again()
    {
        await using var tracker = new LoopbackUdpTracker { Lose = 1 };
        Assert.NotNull(await _client.AnnounceAsync(tracker.Url, Request, Token));
    }

    [Fact]
    public async Task A_name_is_looked_up()
    {
        await using var tracker = new LoopbackUdpTracker();
        Assert.NotNull(await _client.AnnounceAsync(tracker.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), Request, Token));
    }

    [Fact]
    public async Task Many_swarms_are_scraped_in_several_requests()
    {
        await using var tracker = new LoopbackUdpTracker();
        InfoHash[] hashes = [.. Enumerable.Range(0, 100).Select(i => new InfoHash([.. new byte[19], (byte)i]))];
        ScrapeResponse response = await _client.ScrapeAsync(tracker.Url, hashes, Token);

        Assert.Equal(100, response.Entries.Count);
        Assert.Equal(new ScrapeEntry(73, 10, 20), response.Entries[hashes[73]]);
        Assert.Equal(new ScrapeEntry(25, 10, 20), response.Entries[hashes[99]]);
    }

    [Fact]
    public async Task A_UDP_tracker_refuses_in_its_own_words()
    {
        await using var tracker = new LoopbackUdpTracker { Refusal = "not registered" };
        await FailsAsync(tracker.Url, TrackerFailureReason.Refused, "not registered");
    }

    [Fact]
    public async Task A_silent_UDP_tracker_is_given_up()
    {
        await using var tracker = new LoopbackUdpTracker { Lose = int.MaxValue };
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => _client.AnnounceAsync(tracker.Url, Request, Token));
        Assert.Equal(TrackerFailureReason.TimedOut, e.Reason);
        Assert.StartsWith("timed out after ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_HTTP_tracker_answers_an_announce()
    {
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply("d8:intervali1800e5:peers6:\x7f\0\0\x01\x1a\xe2" + "e"));
        AnnounceResponse response = await _client.AnnounceAsync(tracker.Root + "/announce?pass=%41%2f", Request, Token);

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:6882")], response.Peers);
        string heard = Assert.Single(tracker.Requests);

        // Every byte of the hash as it is, though some spell letters, a slash, or marks that a URI parser would drop.
        Assert.StartsWith(
            "GET /announce?pass=%41%2f&info_hash=%00%01%02%03%04%05%06%07%08%09%FF%C3%A9%E2%80%8E%2F%25A~&peer_id=-OT0001-bbbbbbbbbbbb&port=6881",
            heard,
            StringComparison.Ordinal);
        Assert.Contains("User-Agent: OurTorrent/test\r\n", heard, StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: gzip", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_answer_is_unpacked()
    {
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply(
            Gzip(Encoding.ASCII.GetBytes("d8:intervali90e5:peers0:e")), headers: "Content-Encoding: gzip\r\n"));
        Assert.Equal(TimeSpan.FromSeconds(90), (await _client.AnnounceAsync(tracker.Root + "/announce", Request, Token)).Interval);
    }

    [Fact]
    public async Task A_compressed_answer_that_unpacks_to_too_much_is_cut()
    {
        byte[] bomb = Gzip(new byte[20 * 1024 * 1024]);
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply(bomb, headers: "Content-Encoding: gzip\r\n"));
        await FailsAsync(tracker.Root + "/announce", TrackerFailureReason.ResponseTooLarge, "the answer is longer than 1 MiB");
    }

    [Fact]
    public async Task An_endless_answer_is_cut()
    {
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply("d")) { IsEndless = true };
        await FailsAsync(tracker.Root + "/announce", TrackerFailureReason.ResponseTooLarge, "the answer is longer than 1 MiB");
    }

    [Fact]
    public async Task A_silent_HTTP_tracker_is_given_up()
    {
        await using var client = new TrackerClient(new TrackerClientOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        await using var tracker = new LoopbackHttpTracker(_ => []) { IsSilent = true };
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => client.AnnounceAsync(tracker.Root + "/announce", Request, Token));
        Assert.Equal(TrackerFailureReason.TimedOut, e.Reason);
    }

    [Theory]
    [InlineData("404 Not Found", "gone", TrackerFailureReason.HttpStatus, "HTTP 404 Not Found")]
    [InlineData("500 Oops", "", TrackerFailureReason.HttpStatus, "HTTP 500 Oops")]
    [InlineData("403 Forbidden", "d14:failure reason11:bad passkeye", TrackerFailureReason.Refused, "bad passkey")]
    [InlineData("200 OK", "d14:failure reason11:bad passkeye", TrackerFailureReason.Refused, "bad passkey")]
    [InlineData("200 OK", "le", TrackerFailureReason.InvalidResponse, "the answer is not a dictionary")]
    public async Task An_HTTP_failure_is_one_readable_line(string status, string body, TrackerFailureReason reason, string message)
    {
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply(body, status));
        await FailsAsync(tracker.Root + "/announce", reason, message);
    }

    [Fact]
    public async Task What_is_not_HTTP_is_said_to_be_so()
    {
        await using var tracker = new LoopbackHttpTracker(_ => Encoding.ASCII.GetBytes("SSH-2.0-Server\r\n"));
        await FailsAsync(tracker.Root + "/announce", TrackerFailureReason.InvalidResponse, "the answer is not HTTP");
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using var tracker = new LoopbackHttpTracker(line => line.StartsWith("GET /new", StringComparison.Ordinal)
            ? LoopbackHttpTracker.Reply("d8:intervali60e5:peers0:e")
            : LoopbackHttpTracker.Reply("", "302 Found", "Location: /new?x=1\r\n"));
        Assert.Equal(TimeSpan.FromSeconds(60), (await _client.AnnounceAsync(tracker.Root + "/announce", Request, Token)).Interval);
    }

    [Theory]
    [InlineData("/announce", "more than 5 redirects")]
    [InlineData("file:///etc/passwd", "redirected from http to file, which is not followed")]
    public async Task A_redirect_is_not_followed_anywhere_or_for_ever(string location, string message)
    {
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply("", "302 Found", $"Location: {location}\r\n"));
        await FailsAsync(tracker.Root + "/announce", TrackerFailureReason.InvalidResponse, message);
        Assert.Equal(location == "/announce" ? 6 : 1, tracker.Requests.Count);
    }

    [Fact]
    public async Task An_HTTP_tracker_answers_a_scrape()
    {
        await using var tracker = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply(
            "d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1e10:downloadedi2e10:incompletei3eeee"));
        ScrapeResponse response = await _client.ScrapeAsync(tracker.Root + "/announce", [new("aaaaaaaaaaaaaaaaaaaa"u8)], Token);

        Assert.Equal(new ScrapeEntry(1, 2, 3), response.Entries[new("aaaaaaaaaaaaaaaaaaaa"u8)]);
        Assert.StartsWith("GET /scrape?info_hash=aaaaaaaaaaaaaaaaaaaa HTTP", Assert.Single(tracker.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tracker_without_a_scrape_URL_says_so()
    {
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(
            () => _client.ScrapeAsync("http://127.0.0.1:1/x", [default], Token));
        Assert.Equal(TrackerFailureReason.ScrapeUnsupported, e.Reason);
    }

    [Fact]
    public async Task A_closed_port_refuses_the_connection()
    {
        int port;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            // Bound but not listening: nobody else gets the port while it is tried.
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            await FailsAsync($"http://127.0.0.1:{port}/announce", TrackerFailureReason.Unreachable, "connection refused");
        }
    }

    [Theory]
    [InlineData("wss://t.example/announce", TrackerFailureReason.UnsupportedScheme)]
    [InlineData("udp://t.example/announce", TrackerFailureReason.InvalidUrl)]
    [InlineData("nonsense", TrackerFailureReason.InvalidUrl)]
    public async Task A_URL_that_cannot_be_asked_is_refused(string url, TrackerFailureReason reason)
    {
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => _client.AnnounceAsync(url, Request, Token));
        Assert.Equal(reason, e.Reason);
    }

    [Fact]
    public async Task The_given_address_is_sent_from()
    {
        await using var client = new TrackerClient(new TrackerClientOptions { BindAddress = IPAddress.Loopback });
        await using var http = new LoopbackHttpTracker(_ => LoopbackHttpTracker.Reply("d8:intervali60e5:peers0:e"));
        await using var udp = new LoopbackUdpTracker();
        Assert.NotNull(await client.AnnounceAsync(http.Root + "/announce", Request, Token));
        Assert.NotNull(await client.AnnounceAsync(udp.Url, Request, Token));
    }

    [Theory]
    [InlineData("http://tracker.example/announce")]
    [InlineData("udp://tracker.example:80/announce")]
    [InlineData("udp://192.0.2.1:80/announce")]
    [InlineData("http://192.0.2.1/announce")]
    public async Task From_a_loopback_address_nothing_leaves_the_machine(string url)
    {
        await using var client = new TrackerClient(new TrackerClientOptions { BindAddress = IPAddress.Loopback });
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => client.AnnounceAsync(url, Request, Token));
        Assert.Equal((TrackerFailureReason.Unreachable, "not asked: 127.0.0.1 reaches this machine alone"), (e.Reason, e.Message));
    }

    [Fact]
    public async Task From_a_loopback_address_no_redirect_leads_away()
    {
        await using var client = new TrackerClient(new TrackerClientOptions { BindAddress = IPAddress.Loopback });
        await using var tracker = new LoopbackHttpTracker(
            _ => LoopbackHttpTracker.Reply("", "302 Found", "Location: http://tracker.example/announce\r\n"));
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => client.AnnounceAsync(tracker.Root + "/announce", Request, Token));
        Assert.Equal(TrackerFailureReason.Unreachable, e.Reason);
    }

    [Fact]
    public async Task Giving_up_ends_the_wait()
    {
        await using var tracker = new LoopbackHttpTracker(_ => []) { IsSilent = true };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<AnnounceResponse> announce = _client.AnnounceAsync(tracker.Root + "/announce", Request, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => announce);
    }

    [Fact]
    public async Task Closing_the_client_ends_what_waits()
    {
        await using var tracker = new LoopbackUdpTracker { Lose = int.MaxValue };
        var client = new TrackerClient();
        Task<AnnounceResponse> announce = client.AnnounceAsync(tracker.Url, Request, Token);
        await client.DisposeAsync();
        await client.DisposeAsync();

        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => announce);
        Assert.Equal(TrackerFailureReason.Closed, e.Reason);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.AnnounceAsync(tracker.Url, Request, Token));
    }

    private async Task FailsAsync(string url, TrackerFailureReason reason, string message)
    {
        TrackerException e = await Assert.ThrowsAsync<TrackerException>(() => _client.AnnounceAsync(url, Request, Token));
        Assert.Equal((reason, message), (e.Reason, e.Message));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
