using OurTorrent.Cli.Sharing;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Tests.Sharing;

public sealed class ShareLinksTests
{
    [Theory]
    [InlineData("album", "album.torrent")]
    [InlineData("film (2020).mkv", "film-2020-.mkv.torrent")]
    [InlineData("Grüße & Küsse", "Gr-e-K-sse.torrent")]
    [InlineData("日本", "content.torrent")]
    [InlineData("..", "content.torrent")]
    [InlineData("$(rm -rf ~)", "rm-rf.torrent")]
    public void A_file_name_can_be_typed_in_any_shell(string name, string expected)
    {
        Assert.Equal(expected, ShareLinks.FileNameOf(name));
    }

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(new string('x', 60) + ".torrent", ShareLinks.FileNameOf(new string('x', 500)));

    [Fact]
    public void Every_address_is_a_tracker_by_http_and_udp_and_trackers_of_the_torrent_come_last()
    {
        TorrentMetainfo made = new MetainfoBuilder
        {
            Name = "a.txt",
            PieceLength = 32768,
            Files = [new MetainfoFile([], 5)],
            PieceHashes = new byte[20],
            Trackers = [["udp://tracker.example:1/announce"]],
        }.Build();

        var links = new ShareLinks(made, ["home.example", "2001:db8::7"], 6969, 6970, 6881);

        Assert.Equal("ourtorrent get http://home.example:6969/a.txt.torrent", links.Command);
        Assert.Equal(["http://home.example:6969/a.txt.torrent", "http://[2001:db8::7]:6969/a.txt.torrent"], links.Urls);
        Assert.Equal(
            [
                "http://home.example:6969/announce", "udp://home.example:6970/announce", "http://[2001:db8::7]:6969/announce",
                "udp://[2001:db8::7]:6970/announce", "udp://tracker.example:1/announce",
            ],
            links.Torrent.Trackers.Select(static tier => Assert.Single(tier)));
        Assert.EndsWith("&xs=http%3A%2F%2Fhome.example%3A6969%2Fa.txt.torrent&x.pe=home.example:6881&x.pe=[2001:db8::7]:6881", links.Magnet, StringComparison.Ordinal);
        Assert.Equal(made.InfoHashes, links.Torrent.InfoHashes);
    }
}
