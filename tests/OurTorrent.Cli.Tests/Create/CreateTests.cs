using System.Text.Json;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Tests.Create;

public sealed class CreateTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public CreateTests() => _harness.Copy("content/lots-of-numbers");

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_folder_becomes_a_torrent_in_the_current_folder()
    {
        CommandResult result = await _harness.RunAsync("create", "lots-of-numbers", "-t", "udp://127.0.0.1:6969/announce");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        TorrentMetainfo torrent = Read("lots-of-numbers.torrent");
        Assert.Equal("lots-of-numbers", torrent.Name);
        Assert.Equal(12, torrent.TotalSize);
        Assert.Equal(["udp://127.0.0.1:6969/announce"], torrent.Trackers.SelectMany(static tier => tier));
        Assert.StartsWith("TORRENT CREATED\nTorrent file  lots-of-numbers.torrent\nInfo hash     " + torrent.InfoHashes.V1 + "\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_created_verifies()
    {
        await _harness.RunAsync("create", "lots-of-numbers", "--format", "hybrid");

        CommandResult result = await _harness.RunAsync("verify", "lots-of-numbers.torrent");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Every_option_ends_up_in_the_torrent()
    {
        CommandResult result = await _harness.RunAsync(
            "create", "lots-of-numbers", "-o", "out.torrent", "-t", "http://a/announce", "-t", "udp://b:1", "-w", "http://c/", "--private",
            "--piece-length", "64K", "--name", "numbers", "--comment", "hello", "--source", "here", "--no-date");

        Assert.Equal(0, result.ExitCode);
        TorrentMetainfo torrent = Read("out.torrent");
        Assert.Equal([["http://a/announce"], ["udp://b:1"]], torrent.Trackers);
        Assert.Equal(["http://c/"], torrent.WebSeeds);
        Assert.True(torrent.IsPrivate);
        Assert.Equal(65536, torrent.PieceLength);
        Assert.Equal(("numbers", "hello", "here", null), (torrent.Name, torrent.Comment, torrent.Source, torrent.CreationDate));
    }

    [Theory]
    [InlineData("v1", TorrentVersion.V1)]
    [InlineData("v2", TorrentVersion.V2)]
    [InlineData("hybrid", TorrentVersion.Hybrid)]
    public async Task Every_format_can_be_made(string format, TorrentVersion expected)
    {
        CommandResult result = await _harness.RunAsync("create", "lots-of-numbers", "--format", format);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(expected, Read("lots-of-numbers.torrent").Version);
    }

    [Fact]
    public async Task The_torrent_can_go_to_standard_output_with_nothing_beside_it()
    {
        CommandResult result = await _harness.RunAsync("create", "lots-of-numbers", "-o", "-");

        Assert.Equal((0, "", ""), (result.ExitCode, result.Out, result.Error));
        Assert.Equal("lots-of-numbers", TorrentMetainfo.Parse(result.OutBytes).Name);
    }

    [Fact]
    public async Task The_json_tells_the_file_and_the_info_hash()
    {
        CommandResult result = await _harness.RunAsync("create", "lots-of-numbers", "--json");

        using JsonDocument json = JsonDocument.Parse(result.Out);
        Assert.Equal("lots-of-numbers.torrent", json.RootElement.GetProperty("torrent").GetString());
        Assert.Equal(Read("lots-of-numbers.torrent").InfoHashes.V1.ToString(), json.RootElement.GetProperty("infoHashV1").GetString());
    }

    [Fact]
    public async Task A_torrent_that_exists_is_written_over_only_when_told_to()
    {
        _harness.WriteFile("lots-of-numbers.torrent", "precious"u8);

        CommandResult refused = await _harness.RunAsync("create", "lots-of-numbers");
        byte[] kept = File.ReadAllBytes(_harness.PathOf("lots-of-numbers.torrent"));
        CommandResult forced = await _harness.RunAsync("create", "lots-of-numbers", "--force");

        Assert.Equal(
            (5, "", "ourtorrent: lots-of-numbers.torrent exists already; choose another name with -o, or --force.\n"),
            (refused.ExitCode, refused.Out, refused.Error));
        Assert.Equal("precious"u8.ToArray(), kept);
        Assert.Equal(0, forced.ExitCode);
        Assert.Equal(12, Read("lots-of-numbers.torrent").TotalSize);
    }

    [Fact]
    public async Task Nothing_to_read_is_exit_code_4()
    {
        CommandResult result = await _harness.RunAsync("create", "/nonexistent");

        Assert.Equal((4, "", "ourtorrent: cannot read /nonexistent: no such file or folder.\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task Nowhere_to_write_is_exit_code_5_before_anything_is_hashed()
    {
        CommandResult result = await _harness.RunAsync("create", "lots-of-numbers", "-o", "no/where/x.torrent");

        Assert.Equal((5, "", "ourtorrent: cannot write no/where/x.torrent: no such folder.\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("--piece-length", "100K")]
    [InlineData("--piece-length", "8K")]
    [InlineData("--piece-length", "big")]
    [InlineData("--format", "v3")]
    [InlineData("-t", "tracker.example")]
    [InlineData("-w", "udp://a")]
    [InlineData("--name", "a/b")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage(string option, string value)
    {
        CommandResult result = await _harness.RunAsync("create", "lots-of-numbers", option, value);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains(value, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_harness.PathOf("lots-of-numbers.torrent")));
    }

    private TorrentMetainfo Read(string name) => TorrentMetainfo.Parse(File.ReadAllBytes(_harness.PathOf(name)));
}
