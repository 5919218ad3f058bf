using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Tests.Sharing;

public sealed class ShareTests : IDisposable
{
    private readonly CommandHarness _harness = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public ShareTests()
    {
        _harness.WriteFile("album/one.bin", RandomBytes(700_001));
        _harness.WriteFile("album/sub/two.bin", RandomBytes(3));
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_friend_types_the_line_and_has_it_and_the_share_ends_with_the_last_copy_wanted()
    {
        await using RunningCommand share = Share("album", "--stop-after", "1");
        string line = await share.Out.WaitForAsync("ourtorrent get ", _cancellation);

        CommandResult get = await GetAsync([.. line.Trim().Split(' ').Skip(2)]);
        CommandResult result = await share.EndAsync();

        Assert.Matches("^    ourtorrent get http://127.0.0.1:[0-9]+/album.torrent$", line);
        Assert.Equal((0, ""), (get.ExitCode, get.Error));
        Assert.Contains("/announce  successful connection", get.Out, StringComparison.Ordinal);
        AssertSame("album/one.bin", "friend/album/one.bin");
        AssertSame("album/sub/two.bin", "friend/album/sub/two.bin");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("Sharing album, 683.6 KB in 2 files. Your friend types:\n\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"\nalbum: copy 1 of 1 is complete: 127.0.0.1:[0-9]+ with OurTorrent.* \(.*told to the tracker.*\)\n", result.Out);
        Assert.Matches(@"\nalbum: 683\.6 KB sent, 1 complete copy \(1 told to the tracker, [01] seen\)\n$", result.Out);
        Assert.DoesNotContain("\u001b", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("hybrid")]
    public async Task Torrents_of_every_format_are_shared_under_the_name_that_is_asked_for(string format)
    {
        await using RunningCommand share = Share("album", "--name", "Best of", "--format", format, "--stop-after", "1", "--json");
        using JsonDocument seeding = await EventAsync(share, "seeding");

        CommandResult get = await GetAsync(seeding.RootElement.GetProperty("urls")[0].GetString()!);

        Assert.Equal((0, ""), (get.ExitCode, get.Error));
        Assert.EndsWith("/Best-of.torrent", seeding.RootElement.GetProperty("urls")[0].GetString(), StringComparison.Ordinal);
        AssertSame("album/one.bin", "friend/Best of/one.bin");
        Assert.Equal(0, (await share.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task The_magnet_link_will_do_as_well()
    {
        await using RunningCommand share = Share("album/one.bin", "--stop-after", "1", "--json");
        using JsonDocument seeding = await EventAsync(share, "seeding");
        string magnet = seeding.RootElement.GetProperty("magnet").GetString()!;

        CommandResult get = await GetAsync(magnet);

        Assert.Equal((0, ""), (get.ExitCode, get.Error));
        AssertSame("album/one.bin", "friend/one.bin");
        MagnetLink link = MagnetLink.Parse(magnet);
        Assert.Equal(seeding.RootElement.GetProperty("trackers").EnumerateArray().Select(static url => url.GetString()), link.Trackers);
        Assert.Equal("127.0.0.1", Assert.Single(link.Peers).Host);
    }

    [Fact]
    public async Task In_json_each_thing_that_happens_is_a_line()
    {
        await using RunningCommand share = Share("album", "--stop-after", "1", "--json");
        using JsonDocument seeding = await EventAsync(share, "seeding");
        await GetAsync(seeding.RootElement.GetProperty("urls")[0].GetString()!);
        CommandResult result = await share.EndAsync();

        JsonElement[] lines = [.. result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line))];
        Assert.Equal(
            ["listening", "seeding", "copy", "stopped"],
            lines.Select(static line => line.GetProperty("event").GetString()).Where(static name => name != "progress"));
        Assert.InRange(lines[0].GetProperty("port").GetInt32(), 1, 65535);
        Assert.Equal("ourtorrent get " + lines[1].GetProperty("urls")[0].GetString(), lines[1].GetProperty("command").GetString());
        Assert.Equal(700_004, lines[1].GetProperty("totalSize").GetInt64());
        JsonElement copy = Assert.Single(lines, static line => line.GetProperty("event").GetString() == "copy");
        Assert.Equal((1, true), (copy.GetProperty("copies").GetInt32(), copy.GetProperty("announced").GetBoolean()));
        Assert.Equal(
            (1, 1, 0, 700_004),
            (lines[^1].GetProperty("copies").GetInt32(), lines[^1].GetProperty("copiesAnnounced").GetInt32(),
                lines[^1].GetProperty("exitCode").GetInt32(), lines[^1].GetProperty("bytesUploaded").GetInt64()));
    }

    [Fact]
    public async Task Interrupted_it_ends_with_130()
    {
        await using RunningCommand share = Share("album", "--json");
        using JsonDocument seeding = await EventAsync(share, "seeding");

        share.Interrupt();
        CommandResult result = await share.EndAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.EndsWith("\"exitCode\":130}\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"stopped\"", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_time_is_over_it_ends_and_with_7_if_copies_were_wanted()
    {
        CommandResult timed = await Share("album", "--for", "0.1s").EndAsync();
        CommandResult wanting = await Share("album", "--for", "0.1s", "--stop-after", "2").EndAsync();

        Assert.Equal((0, ""), (timed.ExitCode, timed.Error));
        Assert.EndsWith("\nalbum: 0 B sent, no complete copy yet\n", timed.Out, StringComparison.Ordinal);
        Assert.Equal((7, "ourtorrent: stopped after 1s: 0 of 2 copies complete.\n"), (wanting.ExitCode, wanting.Error));
    }

    [Theory]
    [InlineData("http", "127.0.0.1")]
    [InlineData("udp", "127.0.0.1")]
    [InlineData("http", "::1")]
    [InlineData("udp", "::1")]
    public async Task Its_tracker_answers_announce_and_scrape_for_this_content_alone(string scheme, string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        _harness.WriteFile("other.bin", RandomBytes(10));
        await _harness.RunAsync("create", "other.bin");
        await using RunningCommand share = _harness.Start(
            "share", "album", "-o", "album.torrent", "--json", "--bind", address, "--port", "0", "--tracker-port", "0");
        using JsonDocument seeding = await EventAsync(share, "seeding");
        string tracker = seeding.RootElement.GetProperty("trackers").EnumerateArray().Select(static url => url.GetString()!).First(url => url.StartsWith(scheme, StringComparison.Ordinal));

        CommandResult announce = await _harness.RunAsync("announce", "album.torrent", "-t", tracker, "--json");
        CommandResult scrape = await _harness.RunAsync("scrape", "album.torrent", "-t", tracker, "--json");
        CommandResult other = await _harness.RunAsync("announce", "other.bin.torrent", "-t", tracker, "--json");

        JsonElement answer = JsonElement.Parse(announce.Out)[0];
        Assert.Equal((true, 1), (answer.GetProperty("ok").GetBoolean(), answer.GetProperty("seeders").GetInt32()));
        Assert.Equal(
            new IPEndPoint(IPAddress.Parse(address), PortOf(share)).ToString(), Assert.Single(answer.GetProperty("peers").EnumerateArray()).GetString());
        JsonElement counts = JsonElement.Parse(scrape.Out)[0];
        Assert.Equal((1, 0, 0), (counts.GetProperty("seeders").GetInt32(), counts.GetProperty("leechers").GetInt32(), counts.GetProperty("completed").GetInt32()));
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("not registered", JsonElement.Parse(other.Out)[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_torrent_file_that_is_written_is_the_one_that_is_served()
    {
        await using RunningCommand share = Share("album", "-o", "for friends.torrent", "--comment", "hello", "--private", "-t", "udp://127.0.0.1:9/announce", "--json");
        using JsonDocument seeding = await EventAsync(share, "seeding");
        using var client = new HttpClient();

        byte[] served = await client.GetByteArrayAsync(new Uri(seeding.RootElement.GetProperty("urls")[0].GetString()!), _cancellation);
        TorrentMetainfo torrent = TorrentMetainfo.Parse(served);

        Assert.Equal(File.ReadAllBytes(_harness.PathOf("for friends.torrent")), served);
        Assert.Equal(_harness.PathOf("for friends.torrent"), seeding.RootElement.GetProperty("torrent").GetString());
        Assert.Equal(("hello", true), (torrent.Comment, torrent.IsPrivate));
        Assert.Equal(["http", "udp", "udp"], torrent.Trackers.Select(static tier => new Uri(tier[0]).Scheme));
        Assert.Equal("udp://127.0.0.1:9/announce", torrent.Trackers[^1][0]);
    }

    [Fact]
    public async Task An_address_that_is_named_comes_before_those_of_the_machine()
    {
        await using RunningCommand share = Share("album", "--address", "localhost", "--json");
        using JsonDocument seeding = await EventAsync(share, "seeding");

        CommandResult get = await GetAsync(seeding.RootElement.GetProperty("urls")[0].GetString()!);

        Assert.Equal(
            ["localhost", "127.0.0.1"],
            seeding.RootElement.GetProperty("urls").EnumerateArray().Select(static url => new Uri(url.GetString()!).Host));
        Assert.Equal((0, ""), (get.ExitCode, get.Error));
    }

    [Fact]
    public async Task On_a_terminal_the_line_and_the_link_stay_whole_however_narrow_it_is()
    {
        _harness.IsTerminal = true;
        _harness.Width = 60;
        await using RunningCommand share = Share("album", "--for", "0.1s", "--qr");

        CommandResult result = await share.EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("\n    ourtorrent get http://127.0.0.1:[0-9]+/album.torrent\n", result.Out);
        Assert.Matches("\n    magnet:[^\n]*&x.pe=127.0.0.1:[0-9]+\n", result.Out);
        Assert.Contains("█▀▀▀▀▀█", Inverse(result.Out), StringComparison.Ordinal);
        Assert.Contains("nobody is downloading", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_empty_is_said_in_one_line()
    {
        _harness.WriteFile("nothing/empty.txt", []);
        Directory.CreateDirectory(_harness.PathOf("hollow"));

        CommandResult missing = await Share("missing").EndAsync();
        CommandResult empty = await Share("nothing").EndAsync();
        CommandResult hollow = await Share("hollow").EndAsync();

        Assert.Equal((4, "", "ourtorrent: cannot read missing: no such file or folder.\n"), (missing.ExitCode, missing.Out, missing.Error));
        Assert.All([empty, hollow], static result => Assert.Equal((1, ""), (result.ExitCode, result.Out)));
        Assert.All([empty, hollow], static result => Assert.Matches("^ourtorrent: .*(nothing|hollow) holds (no|only) .*\n$", result.Error));
    }

    [Fact]
    public async Task A_tracker_port_that_is_taken_is_named_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        CommandResult result = await _harness.RunAsync("share", "album", "--bind", "127.0.0.1", "--port", "0", "--tracker-port", $"{port}", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"ourtorrent: cannot take HTTP requests at 127.0.0.1:{port}: another program listens there. ", result.Error, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"error\"", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--stop-after", "0")]
    [InlineData("--for", "soon")]
    [InlineData("--address", "home.example:6969")]
    [InlineData("--tracker-port", "70000")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage(string option, string value)
    {
        CommandResult result = await _harness.RunAsync("share", "album", option, value);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains($"'{value}' does not fit {option}: ", result.Error, StringComparison.Ordinal);
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string Inverse(string text) => string.Concat(text.Select(static c => c switch { '█' => ' ', ' ' => '█', '▀' => '▄', '▄' => '▀', _ => c }));

    private static async Task<JsonDocument> EventAsync(RunningCommand share, string name) => JsonDocument.Parse(
        await share.Out.WaitForAsync($"\"event\":\"{name}\"", TestContext.Current.CancellationToken));

    private static int PortOf(RunningCommand share) => JsonElement.Parse(share.Out.Text.Split('\n')[0]).GetProperty("port").GetInt32();

    private RunningCommand Share(params string[] arguments) =>
        _harness.Start(["share", .. arguments, "--bind", "127.0.0.1", "--port", "0", "--tracker-port", "0"]);

    private Task<CommandResult> GetAsync(params string[] arguments) =>
        _harness.RunAsync(["get", .. arguments, "-d", "friend", "--bind", "127.0.0.1", "--port", "0"]);

    private void AssertSame(string one, string other) =>
        Assert.Equal(File.ReadAllBytes(_harness.PathOf(one)), File.ReadAllBytes(_harness.PathOf(other)));
}
