using System.Net;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class TorrentFileTests
{
    private static readonly byte[] File = "d4:infod4:name5:albumee"u8.ToArray();

    private static readonly TrackerOptions Options = new()
    {
        Http = new Tracker.Http.HttpOptions
        {
            Pages = false,
            TorrentFile = static path => path == "/album.torrent" ? File : null,
        },
    };

    [Fact]
    public async Task A_torrent_file_is_served_at_its_path()
    {
        await using HttpRig rig = await HttpRig.StartAsync(Options);

        using HttpResponseMessage response = await rig.GetAsync("/album.torrent");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-bittorrent", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(File, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_is_served_at_other_paths_and_announces_are_taken_as_ever()
    {
        await using HttpRig rig = await HttpRig.StartAsync(Options);

        using HttpResponseMessage other = await rig.GetAsync("/other.torrent");
        using HttpResponseMessage root = await rig.GetAsync("/");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (other.StatusCode, root.StatusCode));
        Assert.Equal(1, (await rig.AnnounceAsync(HttpRig.Request(1, 1001))).Leechers);
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.OK)]
    [InlineData("POST", HttpStatusCode.MethodNotAllowed)]
    public async Task It_is_there_to_be_read_alone(string method, HttpStatusCode expected)
    {
        await using HttpRig rig = await HttpRig.StartAsync(Options);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(rig.Url + "/album.torrent"));

        using HttpResponseMessage response = await rig.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        if (expected == HttpStatusCode.OK)
            Assert.Equal(File.Length, response.Content.Headers.ContentLength);
    }
}
