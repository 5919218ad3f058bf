using OurTorrent.Cli.Transfer;

namespace OurTorrent.Cli.Tests.Transfer;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.txt", "a/b/c.txt", true)]
    [InlineData("*.TXT", "c.txt", true)]
    [InlineData("*.txt", "a.txt/b", false)]
    [InlineData("a/*", "a/b/c", true)]
    [InlineData("b/*", "a/b/c", false)]
    [InlineData("?.txt", "1.txt", true)]
    [InlineData("?.txt", "10.txt", false)]
    [InlineData("*", "anything", true)]
    [InlineData("", "anything", false)]
    [InlineData("*a*b*c", "xxaxxbxxbc", true)]
    [InlineData("*a*b*c", "xxaxxbxxbcd", false)]
    public void A_pattern_fits_names_or_whole_paths(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new Glob(pattern).Fits(path));

    [Fact(Timeout = 10_000)]
    public async Task A_pattern_of_many_stars_takes_no_longer_than_its_length_times_the_name() =>
        Assert.False(await Task.Run(() => new Glob(string.Concat(Enumerable.Repeat("*a", 60)) + "b").Fits(new string('a', 4000)), TestContext.Current.CancellationToken));
}
