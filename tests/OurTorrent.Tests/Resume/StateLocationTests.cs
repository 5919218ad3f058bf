using OurTorrent.Resume;

namespace OurTorrent.Tests.Resume;

public sealed class StateLocationTests
{
    [Theory]
    [InlineData(null, "/home/anna/.local/state/ourtorrent")]
    [InlineData("", "/home/anna/.local/state/ourtorrent")]
    [InlineData("relative", "/home/anna/.local/state/ourtorrent")]
    [InlineData("/var/state", "/var/state/ourtorrent")]
    public void On_Unix_the_state_goes_where_the_XDG_base_directories_say(string? xdg, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths of Unix.");

        Assert.Equal(expected, StateLocation.Resolve(isWindows: false, xdg, "/home/anna", "/ignored"));
    }

    [Fact]
    public void On_Windows_the_state_stays_on_the_machine()
    {
        string local = Path.Combine("profile", "AppData", "Local");

        Assert.Equal(Path.Combine(local, "ourtorrent"), StateLocation.Resolve(isWindows: true, "/x", "profile", local));
    }

    [Fact]
    public void The_default_is_an_absolute_path()
    {
        Assert.True(Path.IsPathFullyQualified(StateLocation.Default));
    }
}
