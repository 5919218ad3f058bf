using System.Text;
using OurTorrent.Tracker.Http;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/announce", "Announce")]
    [InlineData("/announce?a=b", "Announce")]
    [InlineData("/announce?", "Announce")]
    [InlineData("/scrape?info_hash=x", "Scrape")]
    [InlineData("/0123456789abcdef/announce?a", "Announce")]
    [InlineData("/announce/0123456789abcdef?a", "Announce")]
    [InlineData("/0123456789abcdef/scrape", "Scrape")]
    [InlineData("/scrape/0123456789abcdef", "Scrape")]
    [InlineData("/scrape/announce", "Announce")]
    [InlineData("http://tracker.example/announce?a", "Announce")]
    [InlineData("http://tracker.example:80/key/scrape", "Scrape")]
    [InlineData("http://tracker.example", "Other")]
    [InlineData("/", "Other")]
    [InlineData("", "Other")]
    [InlineData("*", "Other")]
    [InlineData("announce", "Other")]
    [InlineData("/announces", "Other")]
    [InlineData("/Announce", "Other")]
    [InlineData("//announce", "Other")]
    [InlineData("/a/b/announce", "Other")]
    [InlineData("/announce/a/b", "Other")]
    [InlineData("/stats?/announce", "Other")]
    [InlineData("/?x=://y/announce", "Other")]
    public void What_is_asked_for_is_seen(string target, string kind) => Assert.Equal(kind, Cut(target).Kind.ToString());

    [Fact]
    public void Path_and_query_are_cut_at_the_first_question_mark()
    {
        RequestTarget target = Cut("/key/announce?a=b?c&d");
        Assert.Equal("/key/announce", Encoding.ASCII.GetString(target.Path));
        Assert.Equal("a=b?c&d", Encoding.ASCII.GetString(target.Query));
        Assert.Equal("/key/announce?a=b?c&d", Encoding.ASCII.GetString(target.PathAndQuery));
    }

    [Theory]
    [InlineData("/tracker/announce?a/b", 1, "Announce", "/announce?a/b")]
    [InlineData("/a/tracker/key/announce", 2, "Announce", "/key/announce")]
    [InlineData("/tracker/scrape/key?x", 2, "Scrape", "/scrape/key?x")]
    [InlineData("/announce", 1, "Announce", "/announce")]
    [InlineData("/announce", 2, "Announce", "/announce")]
    [InlineData("http://t/tracker/announce?a", 1, "Announce", "/announce?a")]
    [InlineData("/tracker/announce/", 1, "Other", "/")]
    [InlineData("", 1, "Other", "")]
    public void What_a_path_begins_with_can_be_passed_over(string text, int segments, string kind, string pathAndQuery)
    {
        var target = new RequestTarget(Encoding.ASCII.GetBytes(text), segments);
        Assert.Equal(kind, target.Kind.ToString());
        Assert.Equal(pathAndQuery, Encoding.ASCII.GetString(target.PathAndQuery));
    }

    private static RequestTarget Cut(string target) => new(Encoding.ASCII.GetBytes(target));
}
