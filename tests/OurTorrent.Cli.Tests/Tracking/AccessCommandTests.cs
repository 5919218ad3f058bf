using System.Text.Json;

namespace OurTorrent.Cli.Tests.Tracking;

public sealed class AccessCommandTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";
    private const string Magnet = "magnet:?xt=urn:btih:" + Hash;
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Torrents_are_allowed_denied_listed_and_removed()
    {
        _harness.Copy("content/alice.torrent");

        CommandResult allowed = await _harness.RunAsync("tracker", "torrent", "allow", Hash, "alice.torrent", "--database", "t.db");
        CommandResult denied = await _harness.RunAsync("tracker", "torrent", "deny", Hash.ToUpperInvariant(), "--comment", "gone", "--database", "t.db");
        CommandResult listed = await _harness.RunAsync("tracker", "torrent", "list", "--json", "--database", "t.db");
        CommandResult plain = await _harness.RunAsync("tracker", "torrent", "list", "--database", "t.db");
        CommandResult removed = await _harness.RunAsync("tracker", "torrent", "remove", Hash, "--database", "t.db");
        CommandResult again = await _harness.RunAsync("tracker", "torrent", "remove", Hash, "--database", "t.db");

        Assert.Equal([0, 0, 0, 0, 0, 1], new[] { allowed, denied, listed, plain, removed, again }.Select(static result => result.ExitCode));
        JsonElement[] torrents = [.. JsonDocument.Parse(listed.Out).RootElement.EnumerateArray()];
        Assert.Equal(2, torrents.Length);
        JsonElement first = Assert.Single(torrents, static torrent => torrent.GetProperty("infoHash").GetString() == Hash);
        Assert.Equal((false, "gone"), (first.GetProperty("allowed").GetBoolean(), first.GetProperty("comment").GetString()));
        Assert.Contains(torrents, static torrent => torrent.GetProperty("allowed").GetBoolean() && torrent.GetProperty("comment").GetString()!.Contains("alice", StringComparison.Ordinal));
        Assert.Matches($@"{Hash}  denied   \d{{4}}-\d\d-\d\d  gone\n", plain.Out);
        Assert.Equal($"ourtorrent: {Hash} was neither allowed nor denied.\n", again.Error);
    }

    [Fact]
    public async Task Nothing_is_changed_when_one_of_the_torrents_cannot_be_read()
    {
        CommandResult result = await _harness.RunAsync("tracker", "torrent", "allow", Hash, "absent.torrent", "--database", "t.db");
        CommandResult listed = await _harness.RunAsync("tracker", "torrent", "list", "--json", "--database", "t.db");

        Assert.Equal((4, "ourtorrent: cannot read absent.torrent: no such file.\n"), (result.ExitCode, result.Error));
        Assert.Equal("[]\n", listed.Out);
    }

    [Theory]
    [InlineData(2, "say which database: --database FILE.", "tracker", "torrent", "list")]
    [InlineData(4, "cannot read none.db: no such file.", "tracker", "passkey", "list", "--database", "none.db")]
    [InlineData(4, "cannot read none.db: no such file.", "tracker", "passkey", "revoke", "bob", "--database", "none.db")]
    public async Task A_database_is_needed(int exitCode, string message, params string[] arguments)
    {
        CommandResult result = await _harness.RunAsync(arguments);

        Assert.Equal((exitCode, $"ourtorrent: {message}\n"), (result.ExitCode, result.Error));
        Assert.Empty(Directory.GetFiles(_harness.Folder));
    }

    [Fact]
    public async Task A_passkey_is_a_part_of_the_announce_url_over_udp_and_http_until_it_is_revoked()
    {
        _harness.Variables["OURTORRENT_TRACKER_DATABASE"] = "t.db";
        await using RunningCommand tracker = _harness.Start("tracker", "--udp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--private", "--json", "--quiet", "--log", "log", "--verbose");
        JsonElement listening = JsonDocument.Parse(await tracker.Out.WaitForAsync("listening", Cancelled)).RootElement;
        string udp = "udp://" + listening.GetProperty("udp")[0].GetString();
        string http = "http://" + listening.GetProperty("http")[0].GetString();

        CommandResult issued = await _harness.RunAsync("tracker", "passkey", "add", "alice", "--url", udp, "--url", http + "/announce", "--json");
        CommandResult twice = await _harness.RunAsync("tracker", "passkey", "add", "alice");
        JsonElement passkey = JsonDocument.Parse(issued.Out).RootElement;
        string[] urls = [.. passkey.GetProperty("urls").EnumerateArray().Select(static url => url.GetString()!)];
        await tracker.Error.WaitForAsync("1 passkeys", Cancelled);
        CommandResult with = await _harness.RunAsync("announce", Magnet, "-t", urls[0], "-t", urls[1], "--json", "--timeout", "60s");
        CommandResult without = await _harness.RunAsync("announce", Magnet, "-t", udp + "/announce", "-t", http + "/announce", "--json", "--timeout", "60s");
        CommandResult revoked = await _harness.RunAsync("tracker", "passkey", "revoke", "alice");
        await tracker.Error.WaitForAsync("0 passkeys", Cancelled);
        CommandResult after = await _harness.RunAsync("announce", Magnet, "-t", urls[0], "-t", urls[1], "--json", "--timeout", "60s");

        Assert.Equal($"{udp}/{passkey.GetProperty("passkey").GetString()}/announce", urls[0]);
        Assert.Equal((1, "ourtorrent: alice has a passkey already; revoke it first to issue another.\n"), (twice.ExitCode, twice.Error));
        Assert.All(JsonDocument.Parse(with.Out).RootElement.EnumerateArray(), static answer => Assert.True(answer.GetProperty("ok").GetBoolean()));
        AssertRefused(without, "This tracker is private: use the announce URL with your passkey.");
        Assert.Equal((0, "ourtorrent: revoked the passkey of alice.\n"), (revoked.ExitCode, revoked.Error));
        AssertRefused(after, "The passkey is unknown or was revoked.");
    }

    [Fact]
    public async Task The_configuration_is_checked_without_running_anything()
    {
        _harness.WriteFile("allow", "# none yet\n"u8);
        _harness.WriteFile("conf", """{ "http": "127.0.0.1:1", "allowList": ["allow"], "certificatePassword": "hush", "fullScrape": true }"""u8);

        CommandResult good = await _harness.RunAsync("tracker", "--config", "conf", "--workers", "3", "--check-config");
        CommandResult json = await _harness.RunAsync("tracker", "--config", "conf", "--check-config", "--json");
        _harness.WriteFile("allow", "zz\n"u8);
        CommandResult bad = await _harness.RunAsync("tracker", "--config", "conf", "--check-config");

        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Matches(@"\nhttp +127\.0\.0\.1:1 +conf:1\n", good.Out);
        Assert.Matches(@"\nworkers +3 +--workers\n", good.Out);
        Assert.DoesNotContain("hush", good.Out + json.Out, StringComparison.Ordinal);
        Assert.Contains("""{"setting":"full-scrape","values":["true"],"from":"conf:1"}""", json.Out, StringComparison.Ordinal);
        Assert.Equal((4, $"ourtorrent: {_harness.PathOf("allow")}:1: 'zz' does not fit: an info-hash of 40 hexadecimal digits is needed.\n"), (bad.ExitCode, bad.Error));
    }

    [Theory]
    [InlineData("https needs a certificate.", "--https", "127.0.0.1:0")]
    [InlineData("private needs a database, which holds the passkeys.", "--private")]
    [InlineData("max-interval is shorter than interval.", "--interval", "30m", "--max-interval", "20m")]
    [InlineData("numwant is more than max-numwant.", "--numwant", "100", "--max-numwant", "50")]
    [InlineData("redis-prefix needs redis.", "--redis-prefix", "x")]
    public async Task Settings_that_do_not_go_together_are_wrong_usage(string message, params string[] arguments)
    {
        CommandResult result = await _harness.RunAsync(["tracker", .. arguments]);

        Assert.Equal((2, "", $"ourtorrent: {message}\n"), (result.ExitCode, result.Out, result.Error));
    }

    private static void AssertRefused(CommandResult result, string reason) => Assert.All(
        JsonDocument.Parse(result.Out).RootElement.EnumerateArray(), answer => Assert.Equal(reason, answer.GetProperty("error").GetString()));
}
