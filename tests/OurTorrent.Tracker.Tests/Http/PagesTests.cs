using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Http;

public sealed partial class PagesTests
{
    [Fact]
    public async Task The_statistics_are_json()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        await rig.AnnounceAsync(HttpRig.Request(1, 1002, left: 0));
        await rig.ScrapeAsync(1);
        using JsonDocument document = JsonDocument.Parse(await rig.GetBytesAsync("/stats"));
        JsonElement stats = document.RootElement;

        Assert.Equal(1, stats.GetProperty("torrents").GetInt64());
        Assert.Equal(2, stats.GetProperty("peers").GetInt64());
        Assert.Equal(1, stats.GetProperty("seeders").GetInt64());
        Assert.Equal(1800, stats.GetProperty("announceIntervalSeconds").GetDouble());
        Assert.Equal(2, stats.GetProperty("requests").GetProperty("announces").GetInt64());
        Assert.Equal(1, stats.GetProperty("requests").GetProperty("scrapes").GetInt64());
        Assert.InRange(stats.GetProperty("memoryBytes").GetInt64(), 1, long.MaxValue);
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("store").ValueKind);
        Assert.Equal(0, stats.GetProperty("access").GetProperty("ignored").GetInt32());
    }

    [Fact]
    public async Task The_page_for_people_needs_nothing_from_elsewhere()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        using HttpResponseMessage response = await rig.GetAsync("/");
        string html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("</html>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_for_people_comes_with_the_statistics_in_it()
    {
        // What a store says of itself may hold anything.
        var store = new StandInStore { Persistence = new(IsAvailable: false, Pending: 0, TimeSpan.Zero, "</script><b>full & \"bad\"") };
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { Store = store, AdminEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] });
        await rig.AnnounceAsync(HttpRig.Request(7, 1001));
        string html = await rig.Client.GetStringAsync(new Uri($"http://{rig.Server.AdminEndPoints[0]}/"), TestContext.Current.CancellationToken);

        const string Begin = "const first = ";
        int start = html.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        using JsonDocument first = JsonDocument.Parse(html[start..html.IndexOf(";\nconst span", start, StringComparison.Ordinal)]);
        Assert.Equal(1, first.RootElement.GetProperty("stats").GetProperty("leechers").GetInt64());
        Assert.Equal(JsonValueKind.Array, first.RootElement.GetProperty("history").ValueKind);
        Assert.Equal(2, html.Split("</script>").Length);
    }

    [Fact]
    public async Task The_metrics_are_in_the_text_form_of_prometheus()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        using HttpResponseMessage response = await rig.GetAsync("/metrics");
        string[] lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches(MetricLine(), line));
        Assert.Contains("ourtorrent_tracker_requests_total{transport=\"http\",family=\"ipv4\",kind=\"announce\"} 1", lines);
        Assert.Contains("ourtorrent_tracker_peers{kind=\"leecher\"} 1", lines);

        // Each metric is described once, ahead of its samples.
        string[] types = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.Distinct(types);
        Assert.All(
            lines[..^1].Where(line => line[0] != '#'), line => Assert.Contains(line.Split('{', ' ')[0], types));
    }

    [Fact]
    public async Task A_tracker_in_memory_is_healthy()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        using JsonDocument document = JsonDocument.Parse(await rig.GetBytesAsync("/health"));
        Assert.Equal("ok", document.RootElement.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(true, 61, "The store is 61 s behind (7 changes); 60 s are allowed.")]
    [InlineData(false, 0, "The store is not available: see the tracker's log")]
    public async Task A_store_in_trouble_is_told_with_its_reason(bool isAvailable, int lag, string reason)
    {
        var store = new StandInStore { Persistence = new(isAvailable, Pending: 7, TimeSpan.FromSeconds(lag), isAvailable ? null : "/var/lib/x is full.") };
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { Store = store });
        using HttpResponseMessage response = await rig.GetAsync("/health");
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using JsonDocument document = JsonDocument.Parse(body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(reason, document.RootElement.GetProperty("reasons")[0].GetString());
        Assert.DoesNotContain("/var/lib", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_a_little_behind_is_healthy()
    {
        var store = new StandInStore { Persistence = new(IsAvailable: true, Pending: 7, TimeSpan.FromSeconds(59), Error: null) };
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { Store = store });
        using HttpResponseMessage response = await rig.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_operators_end_point_shows_torrents_and_takes_no_announces()
    {
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { AdminEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] });
        await rig.AnnounceAsync(HttpRig.Request(7, 1001));
        var admin = new Uri($"http://{rig.Server.AdminEndPoints[0]}/");
        CancellationToken cancelled = TestContext.Current.CancellationToken;

        Assert.Contains(HttpRig.Hash(7).ToString(), await rig.Client.GetStringAsync(new Uri(admin, "stats"), cancelled), StringComparison.Ordinal);
        foreach (string path in new[] { "/", "/stats", "/metrics", "/health" })
        {
            using HttpResponseMessage here = await rig.Client.GetAsync(new Uri(admin, path), cancelled);
            using HttpResponseMessage elsewhere = await rig.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, here.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        }

        using HttpResponseMessage announce = await rig.Client.GetAsync(new Uri(HttpTrackerUrl.ForAnnounce(admin + "announce", HttpRig.Request(7, 1002))), cancelled);
        Assert.Equal(HttpStatusCode.NotFound, announce.StatusCode);
    }

    [Fact]
    public async Task Pages_beside_the_announces_do_not_tell_which_torrents_there_are()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(7, 1001));
        string stats = System.Text.Encoding.UTF8.GetString(await rig.GetBytesAsync("/stats"));
        Assert.DoesNotContain(HttpRig.Hash(7).ToString(), stats, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_can_be_switched_off()
    {
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { Http = new() { Pages = false } });
        foreach (string path in new[] { "/", "/stats", "/metrics", "/health" })
        {
            using HttpResponseMessage response = await rig.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_page_can_be_asked_for_its_head_alone_and_takes_no_other_method()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(rig.Url + "/stats"));
        using HttpResponseMessage head = await rig.Client.SendAsync(request, cancelled);
        using HttpResponseMessage post = await rig.Client.PostAsync(new Uri(rig.Url + "/stats"), null, cancelled);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(cancelled));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[a-z]+="[a-z0-9]+"(,[a-z]+="[a-z0-9]+")*\})? -?[0-9.E+-]+)$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MetricLine();
}
