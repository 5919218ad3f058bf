using System.Text.Json;
using Microsoft.Extensions.Logging;
using OurTorrent.Cli.Logging;

namespace OurTorrent.Cli.Tests.Logging;

public sealed class LogTests
{
    [Fact]
    public void An_entry_becomes_one_json_object_with_its_values_by_name()
    {
        var entry = new LogEntry(
            LogLevel.Warning, "OurTorrent.Peers", new EventId(7, "PeerLeft"), "Peer 192.0.2.7 left\nbadly", null,
            [new("Peer", "192.0.2.7"), new("Count", 3), new("{OriginalFormat}", "Peer {Peer} left")]);

        using JsonDocument json = JsonDocument.Parse(entry.ToJson(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2))));

        Assert.Equal(
            """{"time":"2026-01-02T01:04:05.678Z","level":"warning","category":"OurTorrent.Peers","id":7,"event":"PeerLeft","message":"Peer 192.0.2.7 left\nbadly","values":{"Peer":"192.0.2.7","Count":"3"}}""",
            json.RootElement.GetRawText());
    }

    [Fact]
    public void For_a_person_an_entry_is_one_line_without_a_stack_trace()
    {
        var entry = new LogEntry(
            LogLevel.Error, "OurTorrent.Storage", default, "Cannot write\r\nanything", new IOException("the disk is full"), null);

        Assert.Equal("error OurTorrent.Storage: Cannot write\uFFFD\uFFFDanything (IOException: the disk is full)", entry.ToText());
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_exit_code_5()
    {
        using var harness = new CommandHarness();

        CommandResult result = await harness.RunAsync("show", "-", "--log", "no/such/folder/file");

        Assert.Equal((5, "ourtorrent: cannot write no/such/folder/file: no such folder.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("OurTorrent.Tracker", LogLevel.Information, LogLevel.Information, true)]
    [InlineData("OurTorrent.Tracker", LogLevel.Information, LogLevel.Debug, false)]
    [InlineData("OurTorrent.Tracker", LogLevel.Debug, LogLevel.Debug, true)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug, LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug, LogLevel.Warning, true)]
    public void What_matters_less_than_asked_for_is_left_out_and_so_is_what_the_web_server_does(
        string category, LogLevel least, LogLevel level, bool isWritten)
    {
        using var harness = new CommandHarness();
        using LogWriter log = LogWriter.Open(harness.Environment, chatter: null, "log");
        log.Least = least;

        Assert.Equal(isWritten, log.CreateLogger(category).IsEnabled(level));
    }
}
