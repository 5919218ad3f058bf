using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Hosting;
using OurTorrent.Tracker.Tests.Http;

namespace OurTorrent.Tracker.Tests.Hosting;

/// <summary>A tracker in an application that does other things as well.</summary>
public sealed class TrackerHostingTests : IAsyncLifetime
{
    private readonly StandInStore _store = new();
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTracker(_ => new TrackerOptions { Store = _store, UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] });
        _app = builder.Build();
        _app.MapTracker("/tracker");
        _app.MapTrackerPages("/status");
        _app.MapGet("/", (RequestDelegate)(context => context.Response.WriteAsync("other")));
        await _app.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/tracker/announce")]
    [InlineData("/tracker/0123456789/announce")]
    [InlineData("/tracker/announce/0123456789")]
    public async Task Clients_announce_below_the_prefix(string path)
    {
        string url = HttpTrackerUrl.ForAnnounce(_app.Urls.First() + path, HttpRig.Request(1, 1001));
        byte[] body = await _client.GetByteArrayAsync(new Uri(url), Cancelled);
        Assert.True(HttpTrackerResponse.TryParseAnnounce(body, out AnnounceResponse? response, out _));
        Assert.Equal(1, response.Leechers);
    }

    [Fact]
    public async Task Clients_scrape_below_the_prefix()
    {
        Assert.True(HttpTrackerUrl.TryForScrape(_app.Urls.First() + "/tracker/announce", [HttpRig.Hash(1)], out string? url));
        byte[] body = await _client.GetByteArrayAsync(new Uri(url), Cancelled);
        Assert.True(HttpTrackerResponse.TryParseScrape(body, out ScrapeResponse? response, out _));
        Assert.Single(response.Entries);
    }

    [Fact]
    public async Task The_operators_pages_are_where_the_application_wants_them()
    {
        await _client.GetByteArrayAsync(new Uri(HttpTrackerUrl.ForAnnounce(_app.Urls.First() + "/tracker/announce", HttpRig.Request(7, 1001))), Cancelled);
        using JsonDocument stats = JsonDocument.Parse(await _client.GetStringAsync(new Uri(_app.Urls.First() + "/status/stats"), Cancelled));
        Assert.Equal(HttpRig.Hash(7).ToString(), stats.RootElement.GetProperty("busiest")[0].GetProperty("infoHash").GetString());
        Assert.Equal(1, stats.RootElement.GetProperty("requests").GetProperty("announces").GetInt64());
        foreach (string page in new[] { "", "metrics", "health" })
            Assert.NotEmpty(await _client.GetStringAsync(new Uri($"{_app.Urls.First()}/status/{page}"), Cancelled));
    }

    [Fact]
    public async Task The_rest_of_the_application_is_left_alone()
    {
        Assert.Equal("other", await _client.GetStringAsync(new Uri(_app.Urls.First()), Cancelled));
        using HttpResponseMessage missing = await _client.GetAsync(new Uri(_app.Urls.First() + "/announce"), Cancelled);
        using HttpResponseMessage posted = await _client.PostAsync(new Uri(_app.Urls.First() + "/tracker/announce"), null, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task The_tracker_starts_and_stops_with_the_application()
    {
        Assert.Single(_app.Services.GetRequiredService<TrackerServer>().UdpEndPoints);
        Assert.Equal(["open"], _store.Calls);
        await _app.StopAsync(Cancelled);
        Assert.Equal(["open", "flush", "dispose"], _store.Calls);
    }
}
