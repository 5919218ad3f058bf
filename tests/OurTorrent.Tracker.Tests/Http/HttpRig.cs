using System.Net;
using System.Text;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Http;

/// <summary>A tracker that listens on loopback, and a client to ask it with.</summary>
internal sealed class HttpRig : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    private HttpRig(TrackerServer server) => Server = server;

    public static PeerId Id { get; } = new("-OT0001-abcdefghijkl"u8);

    public TrackerServer Server { get; }

    public HttpClient Client => _client;

    /// <summary>The tracker's URL, without a path.</summary>
    public string Url => $"http://{Server.HttpEndPoints[0]}";

    public static async Task<HttpRig> StartAsync(TrackerOptions? options = null)
    {
        options ??= new TrackerOptions();
        if (options.HttpEndPoints.Count == 0)
            options = options with { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] };
        return new HttpRig(await TrackerServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken));
    }

    public static InfoHash Hash(byte seed) => new([.. Enumerable.Repeat(seed, InfoHash.Length)]);

    public static AnnounceRequest Request(byte hash, ushort port, long left = 100, AnnounceEvent why = AnnounceEvent.Started) =>
        new() { InfoHash = Hash(hash), PeerId = Id, Port = port, Left = left, Event = why, Key = port };

    /// <summary>Gets a path, as it stands.</summary>
    public async Task<HttpResponseMessage> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url + pathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<byte[]> GetBytesAsync(string pathAndQuery, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await GetAsync(pathAndQuery, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public async Task<AnnounceResponse> AnnounceAsync(AnnounceRequest request, string path = "/announce", params (string Name, string Value)[] headers)
    {
        byte[] body = await GetBytesAsync(HttpTrackerUrl.ForAnnounce(Url + path, request)[Url.Length..], headers);
        Assert.True(HttpTrackerResponse.TryParseAnnounce(body, out AnnounceResponse? response, out _), Encoding.Latin1.GetString(body));
        return response;
    }

    public async Task<ScrapeResponse> ScrapeAsync(params byte[] hashes)
    {
        Assert.True(HttpTrackerUrl.TryForScrape(Url + "/announce", [.. hashes.Select(Hash)], out string? url));
        byte[] body = await GetBytesAsync(url[Url.Length..]);
        Assert.True(HttpTrackerResponse.TryParseScrape(body, out ScrapeResponse? response, out _), Encoding.Latin1.GetString(body));
        return response;
    }

    /// <summary>What a refused request is told.</summary>
    public async Task<TrackerFailure> FailAsync(string pathAndQuery)
    {
        byte[] body = await GetBytesAsync(pathAndQuery);
        Assert.False(HttpTrackerResponse.TryParseAnnounce(body, out _, out TrackerFailure? failure));
        return failure;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
    }
}
