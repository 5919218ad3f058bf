using System.Net.Sockets;
using System.Text;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Http;

/// <summary>Requests that no client sends, as bytes on a connection.</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private const string Good = "/announce?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=-OT0001-abcdefghijkl&port=6881&left=1";

    private static readonly TrackerOptions Impatient = new() { Http = new() { HeaderTimeout = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromSeconds(1) } };

    private HttpRig _rig = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HttpRig.StartAsync(new TrackerOptions { Http = new() { MaxConnections = 50 } });

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("GET /announce?info_hash=%zz&peer_id=%&port=1 HTTP/1.1\r\nHost: t\r\n\r\n", 200)]
    [InlineData("GET /announce?info_hash=%00%00 HTTP/1.1\r\nHost: t\r\n\r\n", 200)]
    [InlineData("GET /announce?\0 HTTP/1.1\r\nHost: t\r\n\r\n", 400)]
    [InlineData("GET /announce?é HTTP/1.1\r\nHost: t\r\n\r\n", 400)]
    [InlineData("GET /%00/announce HTTP/1.1\r\nHost: t\r\n\r\n", 400)]
    [InlineData("GET announce HTTP/1.1\r\nHost: t\r\n\r\n", 405)]
    [InlineData("GET /announce\r\n\r\n", 505)]
    [InlineData("GET  HTTP/1.1\r\n\r\n", 400)]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400)]
    [InlineData("HELLO\r\n\r\n", 400)]
    [InlineData("GET /announce HTTP/9.9\r\nHost: t\r\n\r\n", 505)]
    [InlineData("HEAD /announce HTTP/1.1\r\nHost: t\r\n\r\n", 405)]
    [InlineData("POST /announce HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", 405)]
    [InlineData("POST /announce HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello", 405)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n", 404)]
    [InlineData("GET /no/such/place HTTP/1.1\r\nHost: t\r\n\r\n", 404)]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: t\r\n\r\n", 404)]
    [InlineData("GET http://elsewhere/announce HTTP/1.1\r\nHost: elsewhere\r\n\r\n", 200)]
    [InlineData("GET /announce HTTP/1.0\r\n\r\n", 200)]
    public async Task Each_is_answered_with_a_status(string request, int status)
    {
        string answer = await ExchangeAsync(request);
        Assert.StartsWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task A_request_line_without_end_is_cut_off()
    {
        string answer = await ExchangeAsync("GET /announce?" + new string('a', 100_000));
        Assert.StartsWith("HTTP/1.1 414 ", answer, StringComparison.Ordinal);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        string answer = await ExchangeAsync($"GET {Good} HTTP/1.1\r\nHost: t\r\n" + string.Concat(Enumerable.Repeat("X-Filler: " + new string('x', 1000) + "\r\n", 100)));
        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Who_sends_a_request_too_slowly_is_cut_off()
    {
        await using HttpRig rig = await HttpRig.StartAsync(Impatient);
        using NetworkStream client = await ConnectAsync(rig);
        await client.WriteAsync("GET /announce"u8.ToArray(), Cancelled);
        Assert.StartsWith("HTTP/1.1 408 ", await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_on_which_nothing_is_asked_is_closed()
    {
        await using HttpRig rig = await HttpRig.StartAsync(Impatient);
        using NetworkStream client = await ConnectAsync(rig);
        Assert.Equal("", await ReadToEndAsync(client));
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed()
    {
        List<NetworkStream> clients = [];
        try
        {
            for (int i = 0; i < 50; i++)
            {
                clients.Add(await ConnectAsync());
                await clients[i].WriteAsync(Encoding.ASCII.GetBytes($"GET {Good} HTTP/1.1\r\nHost: t\r\n\r\n"), Cancelled);
                Assert.NotEqual(0, await clients[i].ReadAsync(new byte[1000], Cancelled));
            }

            using NetworkStream one = await ConnectAsync();
            Assert.Equal("", await ReadToEndAsync(one));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Several_requests_on_one_connection_are_answered_in_turn()
    {
        string answer = await ExchangeAsync(string.Concat(Enumerable.Repeat($"GET {Good} HTTP/1.1\r\nHost: t\r\n\r\n", 20)), answers: 20);
        Assert.Equal(20, answer.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.InRange(answer.Split("8:complete").Length - 1, 19, 20);
    }

    private async Task AssertAliveAsync()
    {
        AnnounceResponse response = await _rig.AnnounceAsync(HttpRig.Request(1, 1001));
        Assert.Equal(1, response.Leechers);
    }

    private Task<NetworkStream> ConnectAsync() => ConnectAsync(_rig);

    private static async Task<NetworkStream> ConnectAsync(HttpRig rig)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(rig.Server.HttpEndPoints[0], Cancelled);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends bytes, and reads until there are so many heads of answers or the connection is closed.</summary>
    private async Task<string> ExchangeAsync(string request, int answers = 1)
    {
        using NetworkStream client = await ConnectAsync();
        try
        {
            await client.WriteAsync(Encoding.Latin1.GetBytes(request), Cancelled);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The tracker may answer and close before all of it is sent.
        }

        return await ReadToEndAsync(client, answers);
    }

    private static async Task<string> ReadToEndAsync(NetworkStream client, int answers = int.MaxValue)
    {
        var text = new StringBuilder();
        var bytes = new byte[4096];
        try
        {
            while (text.ToString().Split("\r\n\r\n").Length <= answers && await client.ReadAsync(bytes, Cancelled) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(bytes, 0, read));
        }
        catch (IOException)
        {
            // A connection that is reset has said what it had to.
        }

        return text.ToString();
    }
}
