using System.Text;

namespace OurTorrent.Cli.Tests.Trackers;

public sealed class TrackerCommandTests : IDisposable
{
    private const string Magnet = "magnet:?xt=urn:btih:722fe65b2aa26d14f35b4ad627d20236e481d924";
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Announce_prints_what_each_tracker_answers_and_says_goodbye()
    {
        await using var tracker = new LoopbackWebServer(static _ =>
            new(Encoding.Latin1.GetBytes("d8:completei2e10:incompletei1e8:intervali1800e5:peers6:\u007f\0\0\u0001\u001a\u00e1e")));

        CommandResult result = await _harness.RunAsync("announce", Magnet, "-t", tracker.Url + "/announce", "-t", "ftp://127.0.0.1/announce");

        Assert.Equal(
            $"""
            TRACKER {tracker.Url}/announce
            Connect   successful connection
            Announce  asks again in 30m 00s
            Seeders   2
            Leechers  1 (this announce may be one of them)
            Peers     127.0.0.1:6881

            TRACKER ftp://127.0.0.1/announce
            Connect  failed: unsupported scheme "ftp"

            """,
            result.Out,
            ignoreLineEndingDifferences: true);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] requests = [.. tracker.Requests];
        Assert.Equal(2, requests.Length);
        Assert.Contains("event=started", requests[0], StringComparison.Ordinal);
        Assert.Contains("event=stopped", requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_of_announce_has_the_keys_of_the_design()
    {
        await using var tracker = new LoopbackWebServer(static _ =>
            new(Encoding.Latin1.GetBytes("d8:completei2e8:intervali1800e5:peers6:\u007f\0\0\u0001\u001a\u00e1e")));
        string torrent = CommandHarness.Fixture("content/alice.torrent");

        CommandResult result = await _harness.RunAsync("announce", torrent, "--json", "-t", tracker.Url + "/announce", "-t", "ftp://x/");

        Assert.Equal(
            $$"""
            [{"tracker":"{{tracker.Url}}/announce","ok":true,"error":null,"interval":1800,"seeders":2,"leechers":null,"peers":["127.0.0.1:6881"]},{"tracker":"ftp://x/","ok":false,"error":"unsupported scheme \"ftp\"","interval":null,"seeders":null,"leechers":null,"peers":[]}]

            """,
            result.Out,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_tracker_that_refuses_or_talks_rubbish_is_an_error_line_and_exit_code_1()
    {
        await using var refuses = new LoopbackWebServer(static _ => new("d14:failure reason6:go off!e"u8.ToArray()));
        await using var rubbish = new LoopbackWebServer(static _ => new("<html>Hello</html>"u8.ToArray()));
        await using var circle = new LoopbackWebServer(static path => new([], "302 Found", $"Location: {path}\r\n"));
        await using var endless = new LoopbackWebServer(static _ => new(new byte[65536], IsEndless: true));

        CommandResult result = await _harness.RunAsync(
            "announce", Magnet, "-t", refuses.Url + "/announce", "-t", rubbish.Url + "/announce", "-t", circle.Url + "/announce",
            "-t", endless.Url + "/announce");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Announce  failed: go off", result.Out, StringComparison.Ordinal);
        Assert.Equal(4, result.Out.Split("failed: ").Length - 1);
    }

    [Fact]
    public async Task A_torrent_without_trackers_says_what_to_do()
    {
        CommandResult result = await _harness.RunAsync("announce", Magnet);

        Assert.Equal((1, "", $"ourtorrent: {Magnet} names no tracker; give one with --tracker URL.\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("announce")]
    [InlineData("scrape")]
    public async Task An_invalid_magnet_link_is_exit_code_8(string command)
    {
        CommandResult result = await _harness.RunAsync(command, "magnet:?xt=urn:btih:zzz");

        Assert.Equal((8, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("ourtorrent: magnet:?xt=urn:btih:zzz is not a valid magnet link: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_prints_the_numbers_of_each_tracker()
    {
        byte[] hash = Convert.FromHexString("722fe65b2aa26d14f35b4ad627d20236e481d924");
        byte[] body = [.. "d5:filesd20:"u8, .. hash, .. "d8:completei5e10:downloadedi50e10:incompletei10eeee"u8];
        await using var tracker = new LoopbackWebServer(_ => new(body));
        string[] arguments = ["scrape", Magnet, "-t", tracker.Url + "/announce", "-t", tracker.Url + "/elsewhere"];

        CommandResult plain = await _harness.RunAsync(arguments);
        CommandResult json = await _harness.RunAsync([.. arguments, "--json"]);

        Assert.Equal((0, 0), (plain.ExitCode, json.ExitCode));
        Assert.Matches(@"/announce +successful connection +5 +10 +50\n", plain.Out);
        Assert.Matches(@"/elsewhere +failed: .+ +- +- +-\n", plain.Out);
        Assert.StartsWith(
            $$"""[{"tracker":"{{tracker.Url}}/announce","ok":true,"error":null,"seeders":5,"leechers":10,"completed":50},{"tracker":""",
            json.Out, StringComparison.Ordinal);
    }
}
