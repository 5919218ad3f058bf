using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>What careless programs write, and how it is taken.</summary>
public sealed class MetainfoLeniencyTests
{
    private static readonly object Info = Bencode.Dict("length", 5, "name", "x", "piece length", 16384, "pieces", new byte[20]);

    [Fact]
    public void The_announce_list_wins_over_announce_and_loses_what_stands_twice()
    {
        TorrentMetainfo metainfo = With(
            "announce", "http://ignored/",
            "announce-list", new object[] { new[] { " udp://a ", "udp://b", "udp://a" }, Array.Empty<string>(), new[] { "udp://b" }, new[] { "odd:thing" } });

        Assert.Equal([["udp://a", "udp://b"], ["odd:thing"]], metainfo.Trackers);
    }

    [Theory]
    [MemberData(nameof(Announces))]
    public void Announces_of_any_shape_are_understood(object[] surroundings, string[][] expected)
    {
        Assert.Equal(expected, With(surroundings).Trackers);
    }

    public static TheoryData<object[], string[][]> Announces() => new()
    {
        { ["announce", "udp://a"], [["udp://a"]] },
        { ["announce", new[] { "udp://a", "udp://b" }], [["udp://a"], ["udp://b"]] },
        { ["announce", "udp://a", "announce-list", Array.Empty<object>()], [["udp://a"]] },
        { ["announce", "udp://a", "announce-list", new object[] { new object[] { 1, "" } }], [["udp://a"]] },
        { ["announce-list", new[] { "udp://a", "udp://b" }], [["udp://a"], ["udp://b"]] },
        { ["announce-list", "udp://a"], [["udp://a"]] },
        { ["announce", 17], [] },
        { ["announce-list", new object[] { new object[] { new object[] { "udp://deep" }, "udp://a" } }], [["udp://a"]] },
    };

    [Fact]
    public void A_character_set_whose_name_is_not_ASCII_is_passed_over()
    {
        TorrentMetainfo metainfo = With("encoding", new byte[] { (byte)'w', 0xff });

        Assert.Null(metainfo.Encoding);
        Assert.Equal(metainfo.ToBytes(), TorrentMetainfo.Parse(metainfo.ToBytes()).ToBytes());
    }

    [Fact]
    public void Web_seeds_may_be_one_string_or_a_list()
    {
        Assert.Equal(["http://a/"], With("url-list", "http://a/").WebSeeds);
        Assert.Equal(["http://a/", "http://b/"], With("url-list", new[] { "http://a/", "http://b/", "http://a/", "" }).WebSeeds);
        Assert.Empty(With("url-list", "").WebSeeds);
        Assert.Equal(["http://a/"], With("httpseeds", new object[] { "http://a/", 5 }).HttpSeeds);
    }

    [Theory]
    [MemberData(nameof(Dates))]
    public void Dates_of_any_shape_are_understood(object date, long? expected)
    {
        Assert.Equal(expected, With("creation date", date).CreationDate?.ToUnixTimeSeconds());
    }

    public static TheoryData<object, long?> Dates() => new()
    {
        { 1728557557, 1728557557 },
        { "1728557557", 1728557557 },
        { 1452468725091, 1452468725 },
        { -5, null },
        { long.MaxValue, null },
        { "yesterday", null },
        { new[] { 1 }, null },
    };

    [Fact]
    public void Nodes_are_read_and_those_that_are_none_passed_over()
    {
        object[] nodes = [new object[] { "router.example", 6881 }, new object[] { "::1", 1 }, new object[] { "x", 0 }, new object[] { "x", 70000 }, "y", new object[] { 5 }];

        Assert.Equal(
            [("router.example", 6881), ("::1", 1)], With("nodes", nodes).Nodes.Select(node => (node.Host, node.Port)));
    }

    [Fact]
    public void Keys_out_of_order_unknown_keys_and_bytes_behind_are_tolerated_and_the_hash_is_that_of_the_bytes_found()
    {
        byte[] info = Bencode.Of(Bencode.Dict("pieces", new byte[20], "zz", 1, "piece length", 16384, "name", "x", "aa", 2, "length", 5));
        byte[] file = [.. Bencode.Of(Bencode.Dict("zz", 1, "info", new Bencode.Raw(info), "aa", 2, "comment", "first", "comment", "second")), 10];

        TorrentMetainfo metainfo = TorrentMetainfo.Parse(file);

        Assert.Equal(info, metainfo.RawInfo.ToArray());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(info)), metainfo.InfoHashes.V1.ToString());
        Assert.Equal("first", metainfo.Comment);
    }

    [Fact]
    public void Utf8_spellings_are_preferred()
    {
        TorrentMetainfo metainfo = Parse(
            Bencode.Dict(
                "files", new[] { Bencode.Dict("length", 5, "path", new[] { "raw" }, "path.utf-8", new[] { "Größe" }) },
                "name", "raw", "name.utf-8", "Näme", "piece length", 16384, "pieces", new byte[20]),
            "comment", "raw", "comment.utf-8", "Wörter", "created by", "raw", "created by.utf-8", "Möller");

        Assert.Equal("Näme/Größe", metainfo.Files[0].DisplayPath);
        Assert.Equal(("Wörter", "Möller"), (metainfo.Comment, metainfo.CreatedBy));
    }

    [Theory]
    [InlineData(null, "e4f6fc", "äöü")]
    [InlineData("UTF-8", "e4f6fc", "äöü")]
    [InlineData("ISO-8859-1", "e4f6fc", "äöü")]
    [InlineData("GBK", "babad7d6", "汉字")]
    [InlineData("Shift_JIS", "8abf8e9a", "漢字")]
    [InlineData("windows-1251", "cff0e8e2e5f2", "Привет")]
    [InlineData("GBK", "e6b189e5ad97", "汉字")]
    [InlineData("no such thing", "e4", "ä")]
    [InlineData("utf-16", "e4", "ä")]
    public void Text_that_is_not_utf8_is_read_in_the_character_set_the_torrent_names(string? encoding, string bytes, string expected)
    {
        object info = Bencode.Dict("length", 5, "name", Convert.FromHexString(bytes), "piece length", 16384, "pieces", new byte[20]);
        TorrentMetainfo metainfo = encoding is null ? Parse(info) : Parse(info, "encoding", encoding);

        Assert.Equal(expected, metainfo.Name);
        Assert.Equal(encoding, metainfo.Encoding);
        Assert.Same(metainfo.Files[0].Path, metainfo.Files[0].ExactPath);
    }

    [Fact]
    public void Where_a_length_stands_beside_files_the_files_decide()
    {
        TorrentMetainfo metainfo = Parse(Bencode.Dict(
            "files", new[] { Bencode.Dict("length", 5, "path", new[] { "a" }) }, "length", 999999, "name", "x", "piece length", 16384, "pieces", new byte[20]));

        Assert.False(metainfo.IsSingleFile);
        Assert.Equal(5, metainfo.TotalSize);
    }

    [Fact]
    public void Padding_is_known_by_its_attribute_or_its_old_name_and_is_not_content()
    {
        TorrentMetainfo metainfo = Parse(Bencode.Dict(
            "files", new object[]
            {
                Bencode.Dict("length", 10, "path", new[] { "a" }),
                Bencode.Dict("attr", "p", "length", 16374),
                Bencode.Dict("length", 16380, "path", new[] { "b" }),
                Bencode.Dict("length", 4, "path", new[] { "_____padding_file_0_if you see this file" }),
                Bencode.Dict("attr", "hx?", "length", 1, "path", new[] { "c" }),
            },
            "name", "x", "piece length", 16384, "pieces", new byte[60]));

        Assert.Equal([false, true, false, true, false], metainfo.Files.Select(file => file.IsPadding));
        Assert.Equal("x/.pad/16374", metainfo.Files[1].DisplayPath);
        Assert.Equal(TorrentFileAttributes.Hidden | TorrentFileAttributes.Executable, metainfo.Files[4].Attributes);
        Assert.Equal(32768, metainfo.Files[4].Offset);
        Assert.Equal(10 + 16380 + 1, metainfo.TotalSize);
    }

    [Fact]
    public void Empty_files_have_no_pieces()
    {
        TorrentMetainfo metainfo = Parse(Bencode.Dict(
            "files", new object[]
            {
                Bencode.Dict("length", 0, "path", new[] { "a" }),
                Bencode.Dict("length", 5, "path", new[] { "b" }),
                Bencode.Dict("length", 0, "path", new[] { "c" }),
            },
            "name", "x", "piece length", 16384, "pieces", new byte[20]));

        Assert.Equal([(0, 0), (0, 1), (1, 1)], metainfo.Files.Select(file => (file.FirstPiece, file.EndPiece)));
    }

    [Fact]
    public void Content_of_no_bytes_is_a_torrent_of_no_pieces()
    {
        TorrentMetainfo metainfo = Parse(Bencode.Dict("length", 0, "name", "x", "piece length", 16384, "pieces", ""));

        Assert.Equal((0, 0L), (metainfo.PieceCount, metainfo.TotalSize));
        Assert.Throws<ArgumentOutOfRangeException>(() => metainfo.PieceLengthOf(0));
    }

    [Fact]
    public void A_private_torrent_and_its_source_are_told()
    {
        TorrentMetainfo metainfo = Parse(Bencode.Dict(
            "length", 5, "name", "x", "piece length", 16384, "pieces", new byte[20], "private", 1, "source", "HOME"));

        Assert.True(metainfo.IsPrivate);
        Assert.Equal("HOME", metainfo.Source);
    }

    [Fact]
    public void An_info_dictionary_alone_takes_its_trackers_from_elsewhere()
    {
        TorrentMetainfo whole = TorrentMetainfo.Parse(Fixture.Read("sintel"));
        TorrentMetainfo alone = TorrentMetainfo.ParseInfo(whole.RawInfo.Span, [["udp://a", "udp://a"], []], ["http://w/", ""]);

        Assert.Equal(whole.InfoHashes, alone.InfoHashes);
        Assert.Equal([["udp://a"]], alone.Trackers);
        Assert.Equal(["http://w/"], alone.WebSeeds);
        Assert.Equal(alone.InfoHashes, TorrentMetainfo.Parse(alone.ToBytes()).InfoHashes);
    }

    private static TorrentMetainfo With(params object[] surroundings) => Parse(Info, surroundings);

    private static TorrentMetainfo Parse(object info, params object[] surroundings) =>
        TorrentMetainfo.Parse(Bencode.Of(Bencode.Dict([.. surroundings, "info", info])));
}
