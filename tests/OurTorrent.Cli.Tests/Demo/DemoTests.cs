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
        Assert.EndsWith(" the leechers gave each other ", result.Out[..(result.Out.LastIndexOf("other ", StringComparison.Ordinal) + 6)], StringComparison.Ordinal);
        string folder = Path.GetDirectoryName(Path.GetDirectoryName(result.Out.Split('\n')[0].Split(": ")[1]))!;
        Assert.StartsWith("ourtorrent-demo-", Path.GetFileName(folder), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }
}
