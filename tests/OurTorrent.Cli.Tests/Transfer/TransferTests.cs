using System.Text.Json;

namespace OurTorrent.Cli.Tests.Transfer;

public sealed class TransferTests : IDisposable
{
    private readonly CommandHarness _harness = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task What_one_command_creates_and_seeds_another_gets_and_a_third_verifies()
    {
        _harness.WriteFile("album/one.bin", RandomBytes(700_001));
        _harness.WriteFile("album/sub/two.bin", RandomBytes(3));
        _harness.WriteFile("album/empty", []);
        Assert.Equal(0, (await _harness.RunAsync("create", "album")).ExitCode);

        await using RunningCommand seed = Start("seed", "album.torrent", "--json");
        string peer = await PeerOfAsync(seed);
        await seed.Out.WaitForAsync("\"event\":\"seeding\"", _cancellation);
        CommandResult get = await Start("get", "album.torrent", "-d", "elsewhere", "--peer", peer).EndAsync();
        CommandResult again = await Start("get", "album.torrent", "-d", "elsewhere", "--json").EndAsync();
        CommandResult verify = await _harness.RunAsync("verify", "album.torrent", "-d", "elsewhere");

        Assert.Equal((0, ""), (get.ExitCode, get.Error));
        Assert.StartsWith("CLIENT TORRENT DATA\nFile name         album\nFile size         700004 B (683.60 KB)\n", get.Out, StringComparison.Ordinal);
        Assert.Contains("\nListening on 127.0.0.1:", get.Out, StringComparison.Ordinal);
        Assert.Matches(@"\nalbum: complete, .*683\.6 KB .*\n", get.Out);
        Assert.DoesNotContain("\u001b", get.Out, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_harness.PathOf("album/one.bin")), File.ReadAllBytes(_harness.PathOf("elsewhere/album/one.bin")));
        Assert.True(File.Exists(_harness.PathOf("elsewhere/album/empty")));

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(["listening", "checked", "downloaded", "complete"], EventsOf(again).Where(static name => name != "progress"));
        Assert.Equal((0, ""), (verify.ExitCode, verify.Error));
    }

    [Fact]
    public async Task Seed_tells_its_port_first_then_that_it_seeds_and_ends_with_130_when_interrupted()
    {
        await using RunningCommand seed = Start("seed", Torrent("alice"), "-d", Content, "--json");

        using JsonDocument listening = JsonDocument.Parse(await seed.Out.WaitForAsync("{", _cancellation));
        using JsonDocument seeding = JsonDocument.Parse(await seed.Out.WaitForAsync("\"seeding\"", _cancellation));
        seed.Interrupt();
        CommandResult result = await seed.EndAsync();

        Assert.Equal("listening", listening.RootElement.GetProperty("event").GetString());
        Assert.InRange(listening.RootElement.GetProperty("port").GetInt32(), 1, 65535);
        Assert.Equal("seeding", seeding.RootElement.GetProperty("event").GetString());
        Assert.Equal(1, seeding.RootElement.GetProperty("progress").GetDouble());
        Assert.Equal(130, result.ExitCode);
        Assert.Equal("stopped", EventsOf(result)[^1]);
    }

    [Fact]
    public async Task The_many_torrents_of_a_folder_are_listed_in_one_table()
    {
        string[] torrents = [.. Enumerable.Range(10, 11).Select(static i => $"file{i}")];
        foreach (string name in torrents)
        {
            _harness.WriteFile(name, RandomBytes(1000));
            Assert.Equal(0, (await _harness.RunAsync("create", name)).ExitCode);
        }

        await using RunningCommand seed = Start("seed", ".");
        await seed.Out.WaitForAsync("Listening on", _cancellation);
        seed.Interrupt();
        CommandResult result = await seed.EndAsync();

        Assert.StartsWith("CLIENT TORRENT DATA\nFile name  File size  Pieces  Info hash", result.Out, StringComparison.Ordinal);
        Assert.Equal(torrents, result.Out.Split('\n').Where(static line => line.StartsWith("file", StringComparison.Ordinal) && !line.Contains(':', StringComparison.Ordinal)).Select(static line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_folder_without_torrents_is_named()
    {
        _harness.WriteFile("empty/file.txt", [1]);
        CommandResult result = await Start("seed", "empty").EndAsync();

        Assert.Equal((4, "ourtorrent: the folder empty holds no file that ends in .torrent.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Seed_without_the_content_names_what_is_missing_and_ends_with_4()
    {
        CommandResult result = await Start("seed", Torrent("numbers")).EndAsync();

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(
            $"ourtorrent: the content of numbers is not in {_harness.Folder}: no such file: numbers/1.txt, numbers/2.txt, numbers/3.txt.\n",
            result.Error);
    }

    [Fact]
    public async Task Seed_with_content_of_which_nothing_verifies_ends_with_6()
    {
        _harness.WriteFile("alice.txt", new byte[163783]);

        CommandResult result = await Start("seed", Torrent("alice")).EndAsync();

        Assert.Equal((6, $"ourtorrent: nothing of what {_harness.Folder} holds of alice.txt verifies.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Seed_offers_the_part_that_verifies_and_says_how_much_that_is()
    {
        byte[] text = File.ReadAllBytes(CommandHarness.Fixture("content/alice.txt"));
        _harness.WriteFile("alice.txt", text.AsSpan(0, 100_000));

        await using RunningCommand seed = Start("seed", Torrent("alice"), "--json");
        string said = await seed.Error.WaitForAsync("alice.txt", _cancellation);
        seed.Interrupt();
        CommandResult result = await seed.EndAsync();

        Assert.Equal("ourtorrent: only 60.0% of alice.txt is here and verifies, and is offered; the rest does not verify.", said);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(100_000, new FileInfo(_harness.PathOf("alice.txt")).Length);
    }

    [Fact]
    public async Task Get_stops_after_its_time_with_7_and_says_why()
    {
        CommandResult result = await Start("get", Torrent("alice"), "--timeout", "0.3s", "--json").EndAsync();

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("ourtorrent: stopped after 1s: alice.txt at 0.0%, no peers. The same command goes on from here.\n", result.Error);
        Assert.Equal("error", EventsOf(result)[^1]);
    }

    [Fact]
    public async Task An_interrupted_get_ends_with_130()
    {
        await using RunningCommand get = Start("get", Torrent("alice"), "--json");
        await get.Out.WaitForAsync("listening", _cancellation);
        get.Interrupt();
        CommandResult result = await get.EndAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.Equal("error", EventsOf(result)[^1]);
        Assert.Contains("goes on from here", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_torrents_are_fetched_at_once()
    {
        await using RunningCommand seed = Start("seed", Torrent("alice"), Torrent("leaves"), "-d", Content, "--json");
        string peer = await PeerOfAsync(seed);

        CommandResult result = await Start("get", Torrent("alice"), Torrent("leaves"), "--peer", peer, "--json").EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, EventsOf(result).Count(static name => name == "downloaded"));
        Assert.Equal("complete", EventsOf(result)[^1]);
        Assert.True(File.Exists(_harness.PathOf("alice.txt")));
        Assert.True(File.Exists(_harness.PathOf("Leaves of Grass by Walt Whitman.epub")));
    }

    [Fact]
    public async Task A_torrent_is_fetched_from_the_web_with_its_redirects()
    {
        byte[] torrent = File.ReadAllBytes(Torrent("alice"));
        await using var web = new LoopbackWebServer(path => path == "/alice.torrent"
            ? new(torrent)
            : new([], "302 Found", "Location: /alice.torrent\r\nContent-Length: 0\r\n"));

        CommandResult result = await Start("get", web.Url + "/moved", "-d", Content, "--json").EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("complete", EventsOf(result)[^1]);
    }

    [Fact]
    public async Task A_web_server_that_has_no_torrent_is_one_line_and_an_exit_code()
    {
        await using var web = new LoopbackWebServer(static path => path switch
        {
            "/page" => new("<html></html>"u8.ToArray()),
            "/circle" => new([], "302 Found", "Location: /circle\r\nContent-Length: 0\r\n"),
            "/endless" => new(new byte[1 << 20], IsEndless: true),
            _ => new([], "404 Not Found", "Content-Length: 0\r\n"),
        });

        CommandResult missing = await Start("get", web.Url + "/nothing", "--json").EndAsync();
        CommandResult page = await Start("get", web.Url + "/page").EndAsync();
        CommandResult circle = await Start("get", web.Url + "/circle").EndAsync();
        CommandResult endless = await Start("get", web.Url + "/endless").EndAsync();

        Assert.Equal((4, $"ourtorrent: cannot read {web.Url}/nothing: the server answered 404 Not Found.\n"), (missing.ExitCode, missing.Error));
        Assert.Equal(["error"], EventsOf(missing));
        Assert.Equal(8, page.ExitCode);
        Assert.Equal(4, circle.ExitCode);
        Assert.Contains("302 again and again", circle.Error, StringComparison.Ordinal);
        Assert.Equal(4, endless.ExitCode);
        Assert.Contains("larger than a torrent file may be", endless.Error, StringComparison.Ordinal);
        Assert.All([missing, page, circle, endless], static result => Assert.Single(result.Error.TrimEnd('\n').Split('\n')));
    }

    [Fact]
    public async Task A_magnet_link_is_told_apart_from_an_invalid_one()
    {
        CommandResult valid = await Start("get", "magnet:?xt=urn:btih:722fe65b2aa26d14f35b4ad627d20236e481d924&dn=Alice").EndAsync();
        CommandResult invalid = await Start("get", "magnet:?xt=urn:btih:zzz").EndAsync();

        Assert.Equal((1, "", "ourtorrent: magnet links cannot be fetched yet: use a torrent file of Alice instead.\n"), (valid.ExitCode, valid.Out, valid.Error));
        Assert.Equal((8, ""), (invalid.ExitCode, invalid.Out));
    }

    [Theory]
    [InlineData("get", "no-such-file", 4)]
    [InlineData("get", ".", 4)]
    [InlineData("seed", "no-such-file", 4)]
    [InlineData("get", "README.md", 8)]
    public async Task What_cannot_be_read_is_one_line_and_an_exit_code(string command, string torrent, int exitCode)
    {
        _harness.WriteFile("README.md", "# Read me"u8);

        CommandResult result = await Start(command, torrent).EndAsync();

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "x")]
    [InlineData("--bind", "localhost")]
    [InlineData("--peer", "127.0.0.1")]
    [InlineData("--max-peers", "0")]
    [InlineData("--limit", "fast")]
    [InlineData("--limit", "0")]
    [InlineData("--upload-limit", "-5")]
    [InlineData("--seed-ratio", "much")]
    [InlineData("--seed-time", "1e99")]
    [InlineData("--timeout", "0")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage(string option, string value)
    {
        CommandResult result = await _harness.RunAsync("get", Torrent("alice"), option, value);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains($"'{value}' does not fit {option}: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_selected_files_are_fetched()
    {
        _harness.WriteFile("album/1.bin", RandomBytes(16384));
        _harness.WriteFile("album/2.bin", RandomBytes(16384));
        Assert.Equal(0, (await _harness.RunAsync("create", "album")).ExitCode);
        await using RunningCommand seed = Start("seed", "album.torrent", "--json");
        string peer = await PeerOfAsync(seed);

        CommandResult result = await Start("get", "album.torrent", "-d", "else", "--peer", peer, "--select", "2.*", "--json").EndAsync();
        CommandResult nothing = await Start("get", "album.torrent", "-d", "else", "--select", "*.mp3").EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(16384, new FileInfo(_harness.PathOf("else/album/2.bin")).Length);
        Assert.False(File.Exists(_harness.PathOf("else/album/1.bin")));
        Assert.Equal((2, "ourtorrent: no file of album fits --select.\n"), (nothing.ExitCode, nothing.Error));
    }

    [Fact]
    public async Task Seed_stops_by_itself_when_its_time_is_over()
    {
        CommandResult result = await Start("seed", Torrent("alice"), "-d", Content, "--seed-time", "0.001", "--json").EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("stopped", EventsOf(result)[^1]);
    }

    [Fact]
    public async Task On_a_terminal_progress_is_drawn_within_its_width()
    {
        await using RunningCommand seed = Start("seed", Torrent("alice"), "-d", Content, "--json");
        string peer = await PeerOfAsync(seed);
        _harness.IsTerminal = true;
        _harness.Width = 80;

        CommandResult result = await Start("get", Torrent("alice"), "--peer", peer).EndAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("alice.txt: complete, ", result.Out, StringComparison.Ordinal);
        Assert.Contains("[█", result.Out, StringComparison.Ordinal);
    }

    private static string Content => CommandHarness.Fixture("content");

    private static string Torrent(string name) => CommandHarness.Fixture($"content/{name}.torrent");

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string[] EventsOf(CommandResult result) =>
    [
        .. result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("event").GetString()!;
        }),
    ];

    private RunningCommand Start(params string[] arguments) => _harness.Start([.. arguments, "--bind", "127.0.0.1", "--port", "0"]);

    private async Task<string> PeerOfAsync(RunningCommand seed)
    {
        using JsonDocument listening = JsonDocument.Parse(await seed.Out.WaitForAsync("listening", _cancellation));
        return $"127.0.0.1:{listening.RootElement.GetProperty("port").GetInt32()}";
    }
}
