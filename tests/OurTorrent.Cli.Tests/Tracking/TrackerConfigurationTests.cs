using System.Text;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Tracking;

namespace OurTorrent.Cli.Tests.Tracking;

public sealed class TrackerConfigurationTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Every_setting_has_a_name_of_its_own_in_all_three_places()
    {
        IReadOnlyList<TrackerSetting> all = TrackerSettings.All;

        Assert.Equal(all.Count, all.Select(static setting => setting.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, static setting => Assert.Matches("^[a-z]+(-[a-z0-9]+)*$", setting.Name));
        Assert.All(all, static setting => Assert.Matches("^[a-z]+[a-zA-Z0-9]*$", setting.Key));
        TrackerSetting numwant = Assert.Single(all, static setting => setting.Name == "max-numwant");
        Assert.Equal(("maxNumwant", "OURTORRENT_TRACKER_MAX_NUMWANT"), (numwant.Key, numwant.Variable));
    }

    [Fact]
    public void Options_come_before_variables_and_variables_before_the_file()
    {
        _harness.WriteFile("conf/tracker.json", """
            {
                // Comments are allowed, and so is the comma at the end.
                "http": ["127.0.0.1:1", "127.0.0.1:2"],
                "numwant": 10,
                "maxNumwant": "20",
                "workers": 3,
                "database": "data/tracker.db",
            }
            """u8);
        CommandEnvironment environment = Environment("""{ "OURTORRENT_TRACKER_CONFIG": "conf/tracker.json", "OURTORRENT_TRACKER_NUMWANT": "11", "OURTORRENT_TRACKER_WORKERS": "4" }""");
        TrackerSetting workers = TrackerSettings.All.Single(static setting => setting.Name == "workers");

        TrackerConfiguration configuration = TrackerConfiguration.Read(
            environment, TrackerSettings.All, [new SettingSource(workers, ["5"], "--workers")], null, Assert.Fail);

        Assert.Equal((11, 20, 5), (configuration.Setup.Options.DefaultNumWant, configuration.Setup.Options.MaxNumWant, configuration.Setup.Options.UdpWorkers));
        Assert.Equal([1, 2], configuration.Setup.Options.HttpEndPoints.Select(static endPoint => endPoint.Port));
        Assert.Empty(configuration.Setup.Options.UdpEndPoints);
        Assert.Equal(_harness.PathOf("conf/data/tracker.db"), configuration.Setup.Options.Database);
        Assert.Equal(
            ["http=conf/tracker.json:3", "workers=--workers", "database=conf/tracker.json:7", "numwant=$OURTORRENT_TRACKER_NUMWANT", "max-numwant=conf/tracker.json:5"],
            configuration.Sources.Where(static source => source.Setting.Name is "http" or "database" or "numwant" or "max-numwant" or "workers")
                .Select(static source => $"{source.Setting.Name}={source.Origin}"));
    }

    [Fact]
    public void A_variable_that_means_nothing_is_said_and_left_alone()
    {
        var said = new List<string>();

        TrackerConfiguration.Read(Environment("""{ "OURTORRENT_TRACKER_PORT": "tcp://10.0.0.1:6969" }"""), TrackerSettings.All, [], null, said.Add);

        Assert.Equal(["the variable OURTORRENT_TRACKER_PORT means nothing to this program."], said);
    }

    [Theory]
    [InlineData("""{ "numwant": "many" }""", "f:1:14: 'many' does not fit 'numwant': a whole number from 0 to 1000 is needed.")]
    [InlineData("{\n  \"numWant\": 5 }", "f:2:3: there is no setting 'numWant'; did you mean 'numwant'?")]
    [InlineData("""{ "colour": 5 }""", "f:1:3: there is no setting 'colour'.")]
    [InlineData("""{ "numwant": [5] }""", "f:1:14: 'numwant' takes one value, not a list.")]
    [InlineData("""{ "numwant": true }""", "f:1:14: 'numwant' takes a string or a number.")]
    [InlineData("""{ "numwant": 5, "numwant": 6 }""", "f:1:17: 'numwant' stands here a second time.")]
    [InlineData("[]", "f:1:1: an object { ... } is needed.")]
    [InlineData("{ \"numwant\": 5", "f:1:")]
    [InlineData("", "f:1:1: not valid JSON")]
    [InlineData("{} {}", "f:1:4: not valid JSON")]
    public void What_is_wrong_in_the_file_is_named_with_its_place(string json, string expected)
    {
        CommandException error = Assert.Throws<CommandException>(() => ConfigurationFile.Parse("f", "/", Encoding.UTF8.GetBytes(json), TrackerSettings.All));

        Assert.Equal(ExitCode.WrongUsage, error.ExitCode);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("numWant", "numwant", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Words_are_as_far_apart_as_letters_must_be_changed(string one, string other, int expected) =>
        Assert.Equal(expected, EditDistance.Between(one, other));

    private CommandEnvironment Environment(string variables) => new()
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        OpenInput = static () => Stream.Null,
        OpenOutput = static () => Stream.Null,
        CurrentDirectory = _harness.Folder,
        Variables = System.Text.Json.Nodes.JsonNode.Parse(variables)!.AsObject().ToDictionary(static pair => pair.Key, static pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal),
    };
}
