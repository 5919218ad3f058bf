namespace OurTorrent.Cli.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task Without_a_command_the_user_is_told_how_to_find_one()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.Equal("ourtorrent: say which command to run.\nTry 'ourtorrent --help'.\n", result.Error);
    }

    [Fact]
    public async Task An_unknown_command_is_wrong_usage()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync("shw", "album.torrent");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("ourtorrent: there is no command 'shw'.\nTry 'ourtorrent --help'.\n", result.Error);
    }

    [Fact]
    public async Task An_unknown_option_is_wrong_usage_and_names_the_commands_help()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync("show", "album.torrent", "--colour");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'--colour'", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Try 'ourtorrent show --help'.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_names_every_command()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Error);
        foreach (string command in Commands)
            Assert.Contains($"\n  {command}", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public async Task The_help_of_a_command_ends_with_an_example(string command)
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync(command, "--help");

        Assert.Equal(0, result.ExitCode);
        int examples = result.Out.LastIndexOf("Example", StringComparison.Ordinal);
        Assert.True(examples > 0);
        Assert.Contains($"\n  ourtorrent {command}", result.Out[examples..], StringComparison.Ordinal);
        foreach (string option in new[] { "--json", "--verbose", "--log", "--help" })
            Assert.Contains(option, result.Out, StringComparison.Ordinal);
    }

    public static TheoryData<string> CommandNames => [.. Commands];

    private static string[] Commands => ["show", "create", "verify", "get", "seed", "share", "tracker", "announce", "scrape", "demo"];
}
