using System.Text.Json;

namespace OurTorrent.Cli.Tests.Show;

public sealed class ShowTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public static TheoryData<string> Torrents =>
        [.. Directory.EnumerateFiles(CommandHarness.Fixture(""), "*.torrent", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task The_table_of_the_reports_torrent_is_the_reports()
    {
        CommandResult result = await _harness.RunAsync("show", CommandHarness.Fixture("real/ubuntu-24.10-desktop-amd64.iso.torrent"));

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            """
            TORRENT FILE DATA
            Tracker list      tier 1: https://torrent.ubuntu.com/announce
                              tier 2: https://ipv6.torrent.ubuntu.com/announce
            File name         ubuntu-24.10-desktop-amd64.iso
            File size         5665497088 B (5403.04 MB)
            Piece length      262144 B (256.00 KB)
            Number of pieces  21613
            Info hash         3f9aac158c7de8dfcab171ea58a17aabdf7fbc93
            Private           no
            Comment           Ubuntu CD releases.ubuntu.com
            Created by        mktorrent 1.1
            Created on        2024-10-10 10:52:37 UTC
            Number of files   1
            Files             ubuntu-24.10-desktop-amd64.iso  5665497088 B (5403.04 MB)

            """,
            result.Out,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task The_json_has_the_keys_of_the_design_in_its_order()
    {
        _harness.Input = File.ReadAllBytes(CommandHarness.Fixture("content/numbers.torrent"));

        CommandResult result = await _harness.RunAsync("show", "-", "--json");

        Assert.Equal(
            """
            {"name":"numbers","infoHashV1":"89d97c2261a21b040cf11caa661a3ba7233bb7e6","infoHashV2":null,"totalSize":6,"pieceLength":16384,"pieceCount":1,"private":false,"comment":null,"createdBy":null,"creationDate":1449730287,"source":null,"trackers":[],"webSeeds":[],"files":[{"path":"numbers/1.txt","length":1},{"path":"numbers/2.txt","length":2},{"path":"numbers/3.txt","length":3}]}

            """,
            result.Out,
            ignoreLineEndingDifferences: true);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Torrents))]
    public async Task Every_real_torrent_is_shown(string path)
    {
        CommandResult plain = await _harness.RunAsync("show", path);
        CommandResult json = await _harness.RunAsync("show", path, "--json");

        Assert.Equal((0, ""), (plain.ExitCode, plain.Error));
        Assert.StartsWith("TORRENT FILE DATA\n", plain.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", plain.Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), (json.ExitCode, json.Error));
        using JsonDocument shown = JsonDocument.Parse(json.Out);
        long size = shown.RootElement.GetProperty("totalSize").GetInt64();
        Assert.Equal(size, shown.RootElement.GetProperty("files").EnumerateArray().Sum(static file => file.GetProperty("length").GetInt64()));
    }

    [Fact]
    public async Task A_hybrid_torrent_has_both_info_hashes_and_no_pad_files()
    {
        CommandResult result = await _harness.RunAsync("show", CommandHarness.Fixture("real/bittorrent-v2-hybrid-test.torrent"), "--json");

        using JsonDocument shown = JsonDocument.Parse(result.Out);
        Assert.Equal("631a31dd0a46257d5078c0dee4e66e26f73e42ac", shown.RootElement.GetProperty("infoHashV1").GetString());
        Assert.Equal("d8dd32ac93357c368556af3ac1d95c9d76bd0dff6fa9833ecdac3d53134efabb", shown.RootElement.GetProperty("infoHashV2").GetString());
        Assert.DoesNotContain(".pad", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_magnet_link_shows_what_it_knows()
    {
        const string Link = "magnet:?xt=urn:btih:722fe65b2aa26d14f35b4ad627d20236e481d924&dn=Alice&tr=udp%3A%2F%2F127.0.0.1%3A6969&x.pe=192.0.2.7:6881";

        CommandResult plain = await _harness.RunAsync("show", Link);
        CommandResult json = await _harness.RunAsync("show", Link, "--json");

        Assert.Equal(
            """
            MAGNET LINK DATA
            Tracker list  udp://127.0.0.1:6969
            File name     Alice
            Info hash     722fe65b2aa26d14f35b4ad627d20236e481d924
            Peers         192.0.2.7:6881

            """,
            plain.Out,
            ignoreLineEndingDifferences: true);
        Assert.StartsWith("""{"name":"Alice","infoHashV1":"722fe65b2aa26d14f35b4ad627d20236e481d924","infoHashV2":null,"totalSize":null,""", json.Out, StringComparison.Ordinal);
        Assert.Equal((0, 0), (plain.ExitCode, json.ExitCode));
    }

    [Fact]
    public async Task On_a_terminal_the_table_has_borders_and_keeps_within_its_width()
    {
        _harness.IsTerminal = true;
        _harness.Width = 80;

        CommandResult result = await _harness.RunAsync("show", CommandHarness.Fixture("real/sintel.torrent"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("╭", result.Out, StringComparison.Ordinal);
        Assert.All(result.Out.Split('\n'), static line => Assert.True(Visible(line).Length <= 80, line));
    }

    [Fact]
    public async Task No_file_is_one_line_and_exit_code_4()
    {
        CommandResult result = await _harness.RunAsync("show", "no-such-file");

        Assert.Equal(new CommandResult(4, "", "ourtorrent: cannot read no-such-file: no such file.\n", result.OutBytes), result);
    }

    [Fact]
    public async Task A_folder_is_one_line_and_exit_code_4()
    {
        CommandResult result = await _harness.RunAsync("show", ".");

        Assert.Equal(new CommandResult(4, "", "ourtorrent: cannot read .: it is a folder, not a torrent file.\n", result.OutBytes), result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# A title\n")]
    [InlineData("d4:infod")]
    [InlineData("d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces99999999999:")]
    public async Task What_is_no_torrent_is_one_line_that_says_where_and_exit_code_8(string content)
    {
        _harness.WriteFile("README.md", System.Text.Encoding.UTF8.GetBytes(content));

        CommandResult result = await _harness.RunAsync("show", "README.md");

        Assert.Equal((8, ""), (result.ExitCode, result.Out));
        Assert.Matches(@"^ourtorrent: README\.md is not a valid torrent: .+ \(at byte \d+\)\.\n$", result.Error);
    }

    [Theory]
    [MemberData(nameof(Torrents))]
    public async Task A_torrent_that_breaks_off_is_refused(string path)
    {
        byte[] torrent = File.ReadAllBytes(path);
        foreach (double share in new[] { 0.1, 0.5, 0.99 })
        {
            _harness.Input = torrent[..(int)(torrent.Length * share)];

            CommandResult result = await _harness.RunAsync("show", "-");

            Assert.Equal((8, ""), (result.ExitCode, result.Out));
            Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        }
    }

    [Fact]
    public async Task Escape_codes_in_a_name_do_not_reach_the_terminal()
    {
        _harness.Input = System.Text.Encoding.UTF8.GetBytes(
            "d7:comment6:\u001b[31mz4:infod6:lengthi1e4:name3:a\u001bb12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee");

        CommandResult result = await _harness.RunAsync("show", "-");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("\u001b", result.Out, StringComparison.Ordinal);
        Assert.Contains("\uFFFD[31mz", result.Out, StringComparison.Ordinal);
    }

    private static string Visible(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\u001b\\[[0-9;?]*[a-zA-Z]", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
