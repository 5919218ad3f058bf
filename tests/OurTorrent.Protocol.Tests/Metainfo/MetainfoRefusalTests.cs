using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>What is not a torrent, and what is said about it.</summary>
public sealed class MetainfoRefusalTests
{
    private static readonly byte[] Root = [.. Enumerable.Repeat((byte)7, 32)];

    public static TheoryData<MetainfoErrorReason, byte[]> WrongInfos() => new()
    {
        { MetainfoErrorReason.WrongType, Bencode.Of("text") },
        { MetainfoErrorReason.MissingKey, Bencode.Of(Bencode.Dict()) },
        { MetainfoErrorReason.MissingKey, Info("name", "x", "length", 5, "pieces", new byte[20]) },
        { MetainfoErrorReason.MissingKey, Info("name", "x", "length", 5, "piece length", 16384) },
        { MetainfoErrorReason.MissingKey, Info("name", "x", "piece length", 16384, "pieces", new byte[20]) },
        { MetainfoErrorReason.WrongType, Info("name", "x", "length", "5", "piece length", 16384, "pieces", new byte[20]) },
        { MetainfoErrorReason.WrongType, Info("name", "x", "length", 5, "piece length", "16384", "pieces", new byte[20]) },
        { MetainfoErrorReason.WrongType, Info("name", "x", "length", 5, "piece length", 16384, "pieces", 20) },
        { MetainfoErrorReason.PieceLength, V1(pieceLength: 0) },
        { MetainfoErrorReason.PieceLength, V1(pieceLength: -16384) },
        { MetainfoErrorReason.PieceLength, V1(pieceLength: (1L << 30) + 1) },
        { MetainfoErrorReason.PieceLength, V1(pieceLength: long.MaxValue) },
        { MetainfoErrorReason.FileLength, V1(length: -1) },
        { MetainfoErrorReason.FileLength, V1(length: long.MinValue) },
        { MetainfoErrorReason.FileLength, V1(length: long.MaxValue) },
        { MetainfoErrorReason.PieceCount, V1(length: 16385) },
        { MetainfoErrorReason.PieceCount, V1(length: 0) },
        { MetainfoErrorReason.PieceCount, V1(length: 1L << 60) },
        { MetainfoErrorReason.PieceCount, V1(pieces: new byte[19]) },
        { MetainfoErrorReason.PieceCount, V1(pieces: new byte[21]) },
        { MetainfoErrorReason.PieceCount, V1(pieces: new byte[40]) },
        { MetainfoErrorReason.PieceCount, V1(pieces: []) },
        { MetainfoErrorReason.DuplicateKey, Info("length", 5, "length", 6, "name", "x", "piece length", 16384, "pieces", new byte[20]) },
        { MetainfoErrorReason.DuplicateKey, Info("length", 5, "name", "x", "piece length", 16384, "pieces", new byte[20], "private", 0, "private", 1) },
        { MetainfoErrorReason.Files, Files() },
        { MetainfoErrorReason.Files, Files(Bencode.Dict("attr", "p", "length", 5)) },
        { MetainfoErrorReason.Files, Files(Bencode.Dict("length", 5)) },
        { MetainfoErrorReason.Files, Files(Bencode.Dict("length", 5, "path", Array.Empty<string>())) },
        { MetainfoErrorReason.Files, Files(Bencode.Dict("length", 5, "path", Enumerable.Repeat("a", 65))) },
        { MetainfoErrorReason.WrongType, Files("a") },
        { MetainfoErrorReason.WrongType, Files(Bencode.Dict("length", 5, "path", "a")) },
        { MetainfoErrorReason.WrongType, Files(Bencode.Dict("length", 5, "path", new object[] { 1 })) },
        { MetainfoErrorReason.WrongType, Files(Bencode.Dict("length", Array.Empty<string>(), "path", new[] { "a" })) },
        { MetainfoErrorReason.MissingKey, Files(Bencode.Dict("path", new[] { "a" })) },
        { MetainfoErrorReason.DuplicateKey, Files(Bencode.Dict("length", 5, "length", 5, "path", new[] { "a" })) },
        { MetainfoErrorReason.DuplicateKey, Files(Bencode.Dict("length", 5, "path", new[] { "a" }, "path", new[] { "b" })) },
        { MetainfoErrorReason.FileLength, Files(Bencode.Dict("length", -5, "path", new[] { "a" })) },
        { MetainfoErrorReason.FileLength, Files(Bencode.Dict("length", long.MaxValue - 20000, "path", new[] { "a" }), Bencode.Dict("length", 20000, "path", new[] { "b" })) },
        { MetainfoErrorReason.WrongType, Info("files", 5, "name", "x", "piece length", 16384, "pieces", new byte[20]) },
        { MetainfoErrorReason.UnsupportedVersion, Info("meta version", 3, "pieces", 17) },
        { MetainfoErrorReason.UnsupportedVersion, Info("meta version", 0, "length", 5, "name", "x", "piece length", 16384, "pieces", new byte[20]) },
        { MetainfoErrorReason.WrongType, Info("meta version", "2") },
        { MetainfoErrorReason.MissingKey, Info("meta version", 2, "name", "x", "piece length", 16384) },
        { MetainfoErrorReason.PieceLength, V2(Bencode.Dict("a", File(5)), 16383) },
        { MetainfoErrorReason.PieceLength, V2(Bencode.Dict("a", File(5)), 8192) },
        { MetainfoErrorReason.PieceLength, V2(Bencode.Dict("a", File(5)), 49152) },
        { MetainfoErrorReason.WrongType, V2("a") },
        { MetainfoErrorReason.WrongType, V2(Bencode.Dict("a", 5)) },
        { MetainfoErrorReason.WrongType, V2(Bencode.Dict("a", Bencode.Dict("", 5))) },
        { MetainfoErrorReason.Files, V2(Bencode.Dict()) },
        { MetainfoErrorReason.Files, V2(Bencode.Dict("a", Bencode.Dict())) },
        { MetainfoErrorReason.Files, V2(File(5)) },
        { MetainfoErrorReason.Files, V2(Bencode.Dict("a", Bencode.Dict("", Bencode.Dict("length", 5, "pieces root", Root), "b", File(5)))) },
        { MetainfoErrorReason.Files, V2(Bencode.Dict("a", Bencode.Dict("b", File(5), "", Bencode.Dict("length", 5, "pieces root", Root)))) },
        { MetainfoErrorReason.Files, V2(Bencode.Dict("a", Bencode.Dict("", Bencode.Dict("attr", "p", "length", 5, "pieces root", Root)))) },
        { MetainfoErrorReason.Files, V2(Deep(65)) },
        { MetainfoErrorReason.MissingKey, V2(Bencode.Dict("a", Bencode.Dict("", Bencode.Dict("length", 5)))) },
        { MetainfoErrorReason.WrongType, V2(Bencode.Dict("a", Bencode.Dict("", Bencode.Dict("length", 5, "pieces root", new byte[31])))) },
        { MetainfoErrorReason.FileLength, V2(Bencode.Dict("a", File(-5))) },
        { MetainfoErrorReason.FileLength, V2(Bencode.Dict("a", File(long.MaxValue))) },
        { MetainfoErrorReason.FileLength, V2(Bencode.Dict("a", File(1L << 62), "b", File(1L << 62))) },
        { MetainfoErrorReason.PieceCount, V2(Bencode.Dict("a", File(1L << 60))) },
        { MetainfoErrorReason.PieceCount, V2(Bencode.Dict("a", File((1L << 36) + 1))) },
    };

    [Theory]
    [MemberData(nameof(WrongInfos))]
    public void A_wrong_info_dictionary_is_refused_for_its_reason(MetainfoErrorReason reason, byte[] info)
    {
        byte[] file = Bencode.Of(Bencode.Dict("announce", "udp://a", "info", new Bencode.Raw(info)));

        Assert.False(TorrentMetainfo.TryParse(file, out TorrentMetainfo? metainfo, out MetainfoError? error));
        Assert.Null(metainfo);
        Assert.Equal(reason, error.Reason);
        Assert.InRange(error.Offset, "d8:announce7:udp://a4:info".Length, file.Length);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.False(TorrentMetainfo.TryParseInfo(info, null, null, out _, out error));
        Assert.Equal(reason, error.Reason);
    }

    [Theory]
    [InlineData("", MetainfoErrorReason.NotBencoded, 0)]
    [InlineData("<html>", MetainfoErrorReason.NotBencoded, 0)]
    [InlineData("le", MetainfoErrorReason.NotBencoded, 0)]
    [InlineData("d", MetainfoErrorReason.NotBencoded, 1)]
    [InlineData("d4:infod6:lengthi5", MetainfoErrorReason.NotBencoded, 18)]
    [InlineData("d4:infod6:length99999999999999999999:", MetainfoErrorReason.NotBencoded, 37)]
    [InlineData("de", MetainfoErrorReason.MissingKey, 0)]
    [InlineData("d4:infodee", MetainfoErrorReason.MissingKey, 7)]
    [InlineData("d4:infode4:infodee", MetainfoErrorReason.DuplicateKey, 9)]
    public void An_error_names_its_place(string file, MetainfoErrorReason reason, long offset)
    {
        Assert.False(TorrentMetainfo.TryParse(System.Text.Encoding.ASCII.GetBytes(file), out _, out MetainfoError? error));
        Assert.Equal((reason, offset), (error.Reason, error.Offset));
    }

    [Fact]
    public void The_exception_says_what_is_wrong_with_which_file()
    {
        MetainfoException thrown = Assert.Throws<MetainfoException>(() => TorrentMetainfo.Parse("d4:infodee"u8));

        Assert.Equal("Not a valid torrent. At byte 7: The info dictionary has no \"piece length\".", thrown.Message);
        Assert.Equal(
            "x.torrent is not a valid torrent. At byte 7: The info dictionary has no \"piece length\".",
            new MetainfoException(thrown.Error, "x.torrent").Message);
    }

    [Fact]
    public void An_info_dictionary_with_bytes_behind_it_is_refused()
    {
        byte[] info = [.. TorrentMetainfo.Parse(Fixture.Read("alice")).RawInfo.Span, (byte)'e'];

        Assert.False(TorrentMetainfo.TryParseInfo(info, null, null, out _, out MetainfoError? error));
        Assert.Equal(MetainfoErrorReason.NotBencoded, error.Reason);
    }

    [Fact]
    public void Piece_layers_that_are_missing_are_missed()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("bittorrent-v2-test"));
        byte[] file = Bencode.Of(Bencode.Dict("info", new Bencode.Raw(metainfo.RawInfo.ToArray())));

        Assert.False(TorrentMetainfo.TryParse(file, out _, out MetainfoError? error));
        Assert.Equal(MetainfoErrorReason.PieceLayers, error.Reason);
        Assert.Contains("13.Popsy Team", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bittorrent-v2-test")]
    [InlineData("bittorrent-v2-hybrid-test")]
    public void A_changed_byte_anywhere_in_the_piece_layers_is_found(string fixture)
    {
        byte[] file = Fixture.Read(fixture);
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(file);
        int end = file.Length - 2;
        int begin = file.AsSpan().IndexOf("12:piece layersd"u8) + 16;
        int step = Math.Max(1, (end - begin) / 250);
        int refused = 0;
        for (int offset = begin; offset < end; offset += step)
        {
            byte[] changed = [.. file];
            changed[offset] ^= 1;

            Assert.False(TorrentMetainfo.TryParse(changed, out _, out MetainfoError? error), $"{offset}");
            refused += error.Reason == MetainfoErrorReason.PieceLayers ? 1 : 0;
        }

        Assert.True(refused > 200, $"{refused}");
        Assert.True(metainfo.HasPieceLayers);
    }

    [Fact]
    public void A_layer_of_the_wrong_length_is_refused_even_if_it_hashes_to_the_root()
    {
        byte[] content = new byte[3 * 16384];
        byte[] root = ContentHashes.PiecesRoot(content);
        byte[] layer = [.. ContentHashes.Layer(content, 16384), .. new byte[32]];
        object tree = Bencode.Dict("a", Bencode.Dict("", Bencode.Dict("length", content.Length, "pieces root", root)));
        object info = Bencode.Dict("file tree", tree, "meta version", 2, "name", "a", "piece length", 16384);

        Assert.True(TorrentMetainfo.TryParse(
            Bencode.Of(Bencode.Dict("info", info, "piece layers", Bencode.Dict(root, layer[..^32]))), out _, out _));
        Assert.False(TorrentMetainfo.TryParse(
            Bencode.Of(Bencode.Dict("info", info, "piece layers", Bencode.Dict(root, layer))), out _, out MetainfoError? error));
        Assert.Equal(MetainfoErrorReason.PieceLayers, error.Reason);
    }

    [Fact]
    public void Files_of_the_same_content_share_a_layer_and_files_of_another_length_cannot()
    {
        byte[] content = new byte[3 * 16384];
        byte[] root = ContentHashes.PiecesRoot(content);
        object layers = Bencode.Dict(root, ContentHashes.Layer(content, 16384));
        object same = Bencode.Dict("", Bencode.Dict("length", content.Length, "pieces root", root));
        object longer = Bencode.Dict("", Bencode.Dict("length", content.Length + 1, "pieces root", root));

        TorrentMetainfo shared = TorrentMetainfo.Parse(Bencode.Of(Bencode.Dict("info", Tree(Bencode.Dict("a", same, "b", same)), "piece layers", layers)));

        Assert.Equal(6, shared.PieceCount);
        Assert.Equal(shared.PieceHashV2(0).ToArray(), shared.PieceHashV2(3).ToArray());
        Assert.False(TorrentMetainfo.TryParse(
            Bencode.Of(Bencode.Dict("info", Tree(Bencode.Dict("a", same, "b", longer)), "piece layers", layers)), out _, out MetainfoError? error));
        Assert.Equal(MetainfoErrorReason.PieceLayers, error.Reason);

        static object Tree(object tree) => Bencode.Dict("file tree", tree, "meta version", 2, "name", "x", "piece length", 16384);
    }

    public static TheoryData<string, object[], object> Hybrids() => new()
    {
        { "", [One("a", 5), Pad(16379), One("b", 7)], Bencode.Dict("a", File(5), "b", File(7)) },
        { "", [One("a", 5), Pad(16379), One("b", 7), Pad(16377)], Bencode.Dict("a", File(5), "b", File(7)) },
        { "", [One("a", 5), One("e", 0), Pad(16379), One("f", 7)], Bencode.Dict("a", File(5), "e", File(0), "f", File(7)) },
        { "begins at", [One("a", 5), One("b", 7)], Bencode.Dict("a", File(5), "b", File(7)) },
        { "another path", [One("a", 5), Pad(16379), One("c", 7)], Bencode.Dict("a", File(5), "b", File(7)) },
        { "is 7 bytes", [One("a", 5), Pad(16379), One("b", 7)], Bencode.Dict("a", File(5), "b", File(8)) },
        { "not in the file tree", [One("a", 5), Pad(16379), One("b", 7)], Bencode.Dict("a", File(5)) },
        { "not in the list", [One("a", 5)], Bencode.Dict("a", File(5), "b", File(7)) },
        { "leaves 2 pieces", [One("a", 5), Pad(20000)], Bencode.Dict("a", File(5)) },
        { "begins at", [Pad(16384), One("a", 5)], Bencode.Dict("a", File(5)) },
    };

    [Theory]
    [MemberData(nameof(Hybrids))]
    public void The_two_descriptions_of_a_hybrid_must_agree(string problem, object[] files, object tree)
    {
        long total = files.Cast<Bencode.Entries>().Sum(file => Convert.ToInt64(file.Values[Array.IndexOf(file.Values, "length") + 1], null));
        byte[] file = Bencode.Of(Bencode.Dict("info", Bencode.Dict(
            "file tree", tree, "files", files, "meta version", 2, "name", "x", "piece length", 16384, "pieces", new byte[(total + 16383) / 16384 * 20])));

        bool parsed = TorrentMetainfo.TryParse(file, out TorrentMetainfo? metainfo, out MetainfoError? error);

        Assert.Equal(problem.Length == 0, parsed);
        if (parsed)
        {
            Assert.Equal(TorrentVersion.Hybrid, metainfo!.Version);
            Assert.Equal(Root, metainfo.PieceHashV2(0).ToArray());
            Assert.Equal((5, 7), (metainfo.PieceLengthV2(0), metainfo.PieceLengthV2(1)));
        }
        else
        {
            Assert.Equal(MetainfoErrorReason.Inconsistent, error!.Reason);
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        }
    }

    private static Bencode.Entries One(string name, int length) => Bencode.Dict("length", length, "path", new[] { name });

    private static Bencode.Entries Pad(int length) => Bencode.Dict("attr", "p", "length", length, "path", new[] { ".pad", "n" });

    private static Bencode.Entries File(long length) => Bencode.Dict("", Bencode.Dict("length", length, "pieces root", Root));

    private static byte[] Info(params object[] entries) => Bencode.Of(Bencode.Dict(entries));

    private static byte[] V1(long length = 5, long pieceLength = 16384, byte[]? pieces = null) =>
        Info("length", length, "name", "x", "piece length", pieceLength, "pieces", pieces ?? new byte[20]);

    private static byte[] Files(params object[] files) => Info("files", files, "name", "x", "piece length", 16384, "pieces", new byte[20]);

    private static byte[] V2(object tree, int pieceLength = 16384) =>
        Info("file tree", tree, "meta version", 2, "name", "x", "piece length", pieceLength);

    private static Bencode.Entries Deep(int depth) => depth == 0 ? File(5) : Bencode.Dict("a", Deep(depth - 1));
}
