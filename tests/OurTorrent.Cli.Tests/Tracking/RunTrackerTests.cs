using System.Text.Json;

namespace OurTorrent.Cli.Tests.Tracking;

public sealed class RunTrackerTests : IDisposable
{
    private const string Magnet = "magnet:?xt=urn:btih:722fe65b2aa26d14f35b4ad627d20236e481d924";
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_tracker_answers_over_udp_and_http_and_tells_of_itself_in_json()
    {
        await using RunningCommand tracker = _harness.Start("tracker", "--udp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--json", "--report", "0.05s");
        JsonElement listening = Json(await tracker.Out.WaitForAsync("listening", Cancelled));
        string udp = Assert.Single(listening.GetProperty("udp").EnumerateArray()).GetString()!;
        string http = Assert.Single(listening.GetProperty("http").EnumerateArray()).GetString()!;

        CommandResult announced = await _harness.RunAsync("announce", Magnet, "-t", $"udp://{udp}/announce", "-t", $"http://{http}/announce", "--timeout", "60s");
        JsonElement statistics = Json(await tracker.Out.WaitForAsync("\"announces\":4,", Cancelled));
        tracker.Interrupt();
        CommandResult result = await tracker.EndAsync();

        Assert.Equal(0, announced.ExitCode);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal("statistics", statistics.GetProperty("event").GetString());
        JsonElement stopped = Json(result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.Equal(("stopped", 4), (stopped.GetProperty("event").GetString(), stopped.GetProperty("announces").GetInt32()));
    }

    [Fact]
    public async Task In_a_pipe_it_says_where_it_listens_and_stops_cleanly_on_sigterm()
    {
        _harness.IsTerminated = true;
        await using RunningCommand tracker = _harness.Start("tracker", "--udp", "localhost:0", "--quiet");
        Assert.Matches(@"^Listening on udp 127\.0\.0\.1:\d+$", await tracker.Out.WaitForAsync("Listening", Cancelled));

        tracker.Interrupt();
        CommandResult result = await tracker.EndAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"\nStopped after 0 requests in \d+s\n$", result.Out);
        Assert.DoesNotContain("\e", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_it_draws_how_it_is_doing()
    {
        (_harness.IsTerminal, _harness.Width, _harness.Height) = (true, 80, 24);
        await using RunningCommand tracker = _harness.Start("tracker", "--http", "127.0.0.1:0", "--report", "0.05s");
        await tracker.Out.WaitForAsync("announces", Cancelled);
        await tracker.Out.WaitForAsync("Interval", Cancelled);

        tracker.Interrupt();
        CommandResult result = await tracker.EndAsync();

        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_exit_code_1()
    {
        using var taken = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        string address = taken.LocalEndPoint!.ToString()!.Replace("[::ffff:127.0.0.1]", "127.0.0.1", StringComparison.Ordinal);

        CommandResult result = await _harness.RunAsync("tracker", "--udp", address);

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains(address, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("tracker", "--udp", "example.org:6969")]
    [InlineData("tracker", "--interval", "1s")]
    [InlineData("tracker", "--numwant", "100", "--max-numwant", "50")]
    public async Task What_makes_no_sense_is_wrong_usage(params string[] arguments)
    {
        CommandResult result = await _harness.RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("ourtorrent: ", result.Error, StringComparison.Ordinal);
    }

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;
}
