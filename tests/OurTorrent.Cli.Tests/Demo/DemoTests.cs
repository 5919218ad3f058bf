using System.Text.Json;

namespace OurTorrent.Cli.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task Three_leechers_end_with_identical_copies()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync("demo", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using JsonDocument json = JsonDocument.Parse(result.Out);
        Assert.True(json.RootElement.GetProperty("identical").GetBoolean());
        JsonElement[] clients = [.. json.RootElement.GetProperty("clients").EnumerateArray()];
        Assert.Equal(["seeder", "leecher 1", "leecher 2", "leecher 3"], clients.Select(static client => client.GetProperty("name").GetString()));
        JsonElement[] trackers = [.. json.RootElement.GetProperty("trackers").EnumerateArray()];
        Assert.Equal(["udp", "http"], trackers.Select(static tracker => new Uri(tracker.GetProperty("tracker").GetString()!).Scheme));
        string[] everybody = [.. clients.Select(static client => $"127.0.0.1:{client.GetProperty("port").GetInt32()}").Order(StringComparer.Ordinal)];
        Assert.All(trackers, tracker =>
        {
            Assert.Equal((4, 0, 3), (tracker.GetProperty("seeders").GetInt32(), tracker.GetProperty("leechers").GetInt32(), tracker.GetProperty("completed").GetInt32()));
            Assert.Equal(everybody, tracker.GetProperty("peers").EnumerateArray().Select(static peer => peer.GetString()!));
        });
        long size = json.RootElement.GetProperty("totalSize").GetInt64();
        Assert.All(clients.Skip(1), client => Assert.True(client.GetProperty("bytesDownloaded").GetInt64() >= size));
    }

    [Fact]
    public async Task The_story_is_told_in_tables()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync("demo");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("\nTORRENT FILE DATA\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("\nCLIENT TORRENT DATA\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"\nTRACKERS LIST\n.*\nseeder +udp://127.0.0.1:[0-9]+/announce +successful connection ", result.Out);
        Assert.Matches(@"\nleecher 1 +http://127.0.0.1:[0-9]+/announce +successful connection ", result.Out);
        Assert.Contains("\nTRACKER DATA\n", result.Out, StringComparison.Ordinal);
        Assert.EndsWith(" the leechers gave each other ", result.Out[..(result.Out.LastIndexOf("other ", StringComparison.Ordinal) + 6)], StringComparison.Ordinal);
        string folder = Path.GetDirectoryName(Path.GetDirectoryName(result.Out.Split('\n')[0].Split(": ")[1]))!;
        Assert.StartsWith("ourtorrent-demo-", Path.GetFileName(folder), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }
}
