using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tests.Terminal;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1D", 86400)]
    [InlineData("0", -1)]
    [InlineData("", -1)]
    [InlineData("s", -1)]
    [InlineData("-5s", -1)]
    [InlineData("5w", -1)]
    [InlineData("50d", -1)]
    [InlineData("NaN", -1)]
    [InlineData("1e3", -1)]
    public void Times_are_read_with_their_unit(string text, double seconds) =>
        Assert.Equal(seconds, Duration.TryParse(text, out TimeSpan duration) ? duration.TotalSeconds : -1);

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.2, "1s")]
    [InlineData(59, "59s")]
    [InlineData(724, "12m 04s")]
    [InlineData(12000, "3h 20m")]
    [InlineData(439200, "5d 02h")]
    [InlineData(1e9, "ages")]
    public void Times_are_written_to_be_read_at_a_glance(double seconds, string expected) =>
        Assert.Equal(expected, Duration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.034, "0.03s")]
    [InlineData(9.5, "9.50s")]
    [InlineData(12, "12s")]
    public void Times_that_have_passed_are_finer_when_they_are_short(double seconds, string expected) =>
        Assert.Equal(expected, Duration.FormatPast(TimeSpan.FromSeconds(seconds)));
}
