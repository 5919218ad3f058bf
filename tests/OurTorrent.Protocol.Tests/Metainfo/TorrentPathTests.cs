using CsCheck;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>Where the files of a torrent go, whatever it says.</summary>
public sealed class TorrentPathTests
{
    private static readonly string[] Odd = ["..", ".", "", "a", "A", "a ", "a.", "CON", "a (2)", "/", "\\", "a?", "b"];

    [Fact]
    public void Files_that_differ_only_in_case_get_names_of_their_own()
    {
        Assert.Equal(["t/a.txt", "t/A (2).txt", "t/a (3).txt"], Paths("a.txt", "A.txt", "a.txt"));
    }

    [Fact]
    public void Names_that_become_the_same_when_made_safe_get_names_of_their_own()
    {
        Assert.Equal(["t/a_b", "t/a_b (2)", "t/a_b (3)"], Paths("a?b", "a_b", "a*b"));
    }

    [Fact]
    public void A_number_that_is_taken_is_passed_over()
    {
        Assert.Equal(["t/a", "t/a (2)", "t/a (3)"], Paths("a", "a (2)", "a"));
    }

    [Fact]
    public void A_file_does_not_stand_in_the_way_of_a_directory()
    {
        Assert.Equal(["t/a", "t/a (2)/b", "t/a (2)/c"], Paths("a", "a/b", "A/c"));
        Assert.Equal(["t/a/b", "t/A (2)"], Paths("a/b", "A"));
    }

    [Fact]
    public void A_directory_has_one_spelling()
    {
        Assert.Equal(["t/Foo/a", "t/Foo/b"], Paths("Foo/a", "foo/b"));
    }

    [Fact]
    public void Names_that_name_nothing_are_left_out()
    {
        Assert.Equal(["t/a/b"], Paths("/./a//b"));
        Assert.Equal(["t/_"], Paths("."));
        Assert.Equal(["t/_/_/etc"], Paths("../../etc"));
    }

    [Fact]
    public void The_exact_path_is_the_torrents_own_where_a_unix_file_system_can_hold_it()
    {
        TorrentMetainfo metainfo = Torrent("t:1", "a?", "A?", "a?", "ok", "x/../y");

        Assert.Equal(["t_1/a_", "t_1/A_ (2)", "t_1/a_ (3)", "t_1/ok", "t_1/x/_/y"], metainfo.Files.Select(file => file.DisplayPath));
        Assert.Equal(
            ["t:1/a?", "t:1/A?", "t_1/a_ (3)", "t:1/ok", "t_1/x/_/y"], metainfo.Files.Select(file => string.Join('/', file.ExactPath)));
    }

    [Fact]
    public void No_exact_path_is_another_files_safe_one()
    {
        TorrentMetainfo metainfo = Torrent("t", "a?b", "a_b");

        Assert.Equal(["t/a_b", "t/a_b (2)"], metainfo.Files.Select(file => file.DisplayPath));
        Assert.Equal(["t/a?b", "t/a_b (2)"], metainfo.Files.Select(file => string.Join('/', file.ExactPath)));
    }

    [Theory]
    [InlineData("..", "_")]
    [InlineData("/", "_")]
    [InlineData("NUL", "_NUL")]
    [InlineData("a/b", "a_b")]
    public void The_name_of_a_torrent_is_made_safe(string name, string expected)
    {
        Assert.Equal(expected, Torrent(name, "x").Name);
        Assert.Equal(expected + "/x", Torrent(name, "x").Files[0].DisplayPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    public void A_torrent_without_a_name_is_named_by_its_info_hash(string name)
    {
        TorrentMetainfo metainfo = Torrent(name, "x");

        Assert.Equal(metainfo.InfoHashes.V1.ToString(), metainfo.Name);
        Assert.Equal(metainfo.Name + "/x", metainfo.Files[0].DisplayPath);
    }

    [Fact]
    public void The_target_of_a_link_stays_within_the_torrent()
    {
        byte[] file = Bencode.Of(Bencode.Dict("info", Bencode.Dict(
            "files", new object[]
            {
                Bencode.Dict("attr", "l", "path", new[] { "link" }, "symlink path", new[] { "..", "..", "etc", "pass/wd" }),
                Bencode.Dict("attr", "l", "length", 7, "path", new[] { "nowhere" }),
                Bencode.Dict("length", 1, "path", new[] { "x" }),
            },
            "name", "t", "piece length", 16384, "pieces", new byte[20])));

        TorrentMetainfo metainfo = TorrentMetainfo.Parse(file);

        Assert.Equal(TorrentFileAttributes.Symlink, metainfo.Files[0].Attributes);
        Assert.Equal(["t", "_", "_", "etc", "pass_wd"], metainfo.Files[0].SymlinkTarget!);
        Assert.Equal(TorrentFileAttributes.None, metainfo.Files[1].Attributes);
        Assert.Equal(0, metainfo.Files[1].Length);
        Assert.Equal(1, metainfo.TotalSize);
    }

    [Fact]
    public void No_path_leaves_the_torrent_and_no_two_are_the_same()
    {
        Gen<string> name = Gen.OneOf(Gen.OneOf(Array.ConvertAll(Odd, name => Gen.Const(name))), Gen.String[0, 8]);
        name.Array[0, 4].Array[1, 12].Sample(files =>
        {
            string[][] paths = [.. files.Where(file => file.Length > 0)];
            if (paths.Length == 0)
                return;

            TorrentMetainfo metainfo = Torrent("t", paths);

            Assert.Equal(paths.Length, metainfo.Files.Count);
            Assert.All(metainfo.Files, file => Assert.All(file.Path, ContentPathTests.AssertSafe));
            Assert.All(metainfo.Files, file => Assert.Equal("t", file.Path[0]));
            Assert.All(metainfo.Files, file => Assert.DoesNotContain("..", file.ExactPath));
            Assert.All(metainfo.Files, file => Assert.DoesNotContain(file.ExactPath, part => part.Contains('/', StringComparison.Ordinal)));
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (TorrentFile file in metainfo.Files)
                Assert.True(seen.Add(file.DisplayPath), file.DisplayPath);
            foreach (TorrentFile file in metainfo.Files)
            {
                for (int i = 1; i < file.Path.Count; i++)
                    Assert.DoesNotContain(string.Join('/', file.Path.Take(i)), seen);
            }

            // Exact paths are for file systems that tell upper from lower case; each must be free of all the others.
            string[] all = [.. metainfo.Files.Select(file => file.DisplayPath), .. metainfo.Files
                .Where(file => !ReferenceEquals(file.Path, file.ExactPath)).Select(file => string.Join('/', file.ExactPath))];
            Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());
        });
    }

    [Fact]
    public void Many_files_of_one_name_are_named_in_time()
    {
        string longName = new('n', 240);
        string[] names = [.. Enumerable.Range(0, 20000).Select(i => i % 2 == 0 ? "same" : longName + (i / 4).ToString("D15", null))];

        TorrentMetainfo metainfo = Torrent("t", names);

        Assert.Equal(20000, metainfo.Files.Select(file => file.DisplayPath).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static IEnumerable<string> Paths(params string[] paths) => Torrent("t", paths).Files.Select(file => file.DisplayPath);

    private static TorrentMetainfo Torrent(string name, params string[] paths) =>
        Torrent(name, [.. paths.Select(path => path.Split('/'))]);

    private static TorrentMetainfo Torrent(string name, string[][] paths) => TorrentMetainfo.Parse(Bencode.Of(Bencode.Dict(
        "info", Bencode.Dict(
            "files", paths.Select(path => Bencode.Dict("length", 1, "path", path)),
            "name", name,
            "piece length", 16384 * 4,
            "pieces", new byte[20]))));
}
