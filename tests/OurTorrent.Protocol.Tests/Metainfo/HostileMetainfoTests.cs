using CsCheck;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>No input throws, takes long, or costs memory out of proportion.</summary>
public sealed class HostileMetainfoTests
{
    public static TheoryData<string> Small() => ["numbers", "lots-of-numbers", "puppy"];

    [Theory]
    [MemberData(nameof(Small))]
    public void A_torrent_cut_short_anywhere_is_refused(string fixture)
    {
        byte[] file = Fixture.Read(fixture);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.False(TorrentMetainfo.TryParse(file.AsSpan(0, length), out _, out MetainfoError? error));
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void A_torrent_with_any_byte_changed_is_read_or_refused_and_never_throws(string fixture)
    {
        byte[] file = Fixture.Read(fixture);
        foreach (byte change in (ReadOnlySpan<byte>)[1, 2, 4, 8, 16, 32, 64, 128, 255])
        {
            for (int offset = 0; offset < file.Length; offset++)
            {
                byte[] changed = [.. file];
                changed[offset] ^= change;
                Check(changed);
            }
        }
    }

    [Fact]
    public void A_hybrid_torrent_changed_in_many_places_never_throws()
    {
        byte[] file = MetainfoBuilderTests.Build(TorrentVersion.Hybrid, [40000, 5, 0, 32768], new Random(3), out _).ToBytes();
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.OneOf(Gen.Byte, Gen.Char["0123456789:deil"].Select(c => (byte)c))).Array[1, 6].Sample(changes =>
        {
            byte[] changed = [.. file];
            foreach ((int offset, byte value) in changes)
                changed[offset] = value;
            Check(changed);
        });
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Char["d4:infodi0123456789elpath:"].Select(c => (byte)c).Array[0, 300]).Sample(Check);
    }

    [Fact]
    public void A_deep_nest_is_refused()
    {
        byte[] lists = [.. "d4:info"u8, .. Enumerable.Repeat((byte)'l', 5_000_000)];

        Assert.False(TorrentMetainfo.TryParse(lists, out _, out MetainfoError? error));
        Assert.Equal(MetainfoErrorReason.NotBencoded, error.Reason);
    }

    [Fact]
    public void What_a_torrent_claims_costs_no_memory()
    {
        byte[] pieces = Bencode.Of(Bencode.Dict("info", Bencode.Dict("length", 1L << 50, "name", "x", "piece length", 1, "pieces", new byte[20])));
        byte[] tree = Bencode.Of(Bencode.Dict("info", Bencode.Dict(
            "file tree", Bencode.Dict("a", Bencode.Dict("", Bencode.Dict("length", 1L << 36, "pieces root", new byte[32]))),
            "meta version", 2, "name", "x", "piece length", 16384)));
        byte[] text = [.. "d4:infod6:pieces2147483647:"u8];
        foreach (byte[] file in (byte[][])[pieces, tree, text])
        {
            long allocated = Allocation.Least(() => Assert.False(TorrentMetainfo.TryParse(file, out _, out _)));
            Assert.InRange(allocated, 0, 20_000);
        }
    }

    [Fact]
    public void One_layer_shared_by_many_files_is_kept_and_hashed_once()
    {
        byte[] content = new byte[16384 * 256];
        byte[] root = ContentHashes.PiecesRoot(content);
        object[] entries = [.. Enumerable.Range(0, 4000).SelectMany(i => new object[]
        {
            i.ToString("D5", null), Bencode.Dict("", Bencode.Dict("length", content.Length, "pieces root", root)),
        })];
        byte[] file = Bencode.Of(Bencode.Dict(
            "info", Bencode.Dict("file tree", Bencode.Dict(entries), "meta version", 2, "name", "x", "piece length", 16384),
            "piece layers", Bencode.Dict(root, ContentHashes.Layer(content, 16384))));

        TorrentMetainfo metainfo = TorrentMetainfo.Parse(file);

        Assert.InRange(Allocation.Least(() => TorrentMetainfo.Parse(file)), 0, 30 * file.Length);
        Assert.Equal(4000 * 256, metainfo.PieceCount);
        Assert.Equal(4000L * content.Length, metainfo.TotalSize);
    }

    [Fact]
    public void Many_small_files_cost_memory_in_proportion()
    {
        byte[] file = Bencode.Of(Bencode.Dict("info", Bencode.Dict(
            "files", Enumerable.Range(0, 20000).Select(i => Bencode.Dict("length", 0, "path", Enumerable.Repeat("a", 1 + (i % 64)))),
            "name", "x", "piece length", 1, "pieces", "")));

        TorrentMetainfo metainfo = TorrentMetainfo.Parse(file);

        Assert.InRange(Allocation.Least(() => TorrentMetainfo.Parse(file)), 0, 100L * file.Length);
        Assert.Equal(20000, metainfo.Files.Count);
    }

    /// <summary>What is accepted keeps every promise that the rest of the program builds on.</summary>
    private static void Check(byte[] file)
    {
        if (!TorrentMetainfo.TryParse(file, out TorrentMetainfo? metainfo, out MetainfoError? error))
        {
            Assert.InRange(error.Offset, 0, file.Length);
            Assert.NotEmpty(error.Message);
            return;
        }

        long size = 0;
        foreach (TorrentFile entry in metainfo.Files)
        {
            Assert.True(entry.Length >= 0 && entry.Offset >= 0 && entry.EndPiece <= metainfo.PieceCount && entry.FirstPiece <= entry.EndPiece);
            Assert.All(entry.Path, ContentPathTests.AssertSafe);
            size += entry.IsPadding ? 0 : entry.Length;
        }

        Assert.Equal(size, metainfo.TotalSize);
        for (int piece = 0; piece < metainfo.PieceCount; piece++)
        {
            Assert.InRange(metainfo.PieceLengthOf(piece), 1, metainfo.PieceLength);
            if (metainfo.Version != TorrentVersion.V2)
                Assert.Equal(20, metainfo.PieceHashV1(piece).Length);
            if (metainfo.Version != TorrentVersion.V1)
                Assert.Equal(32, metainfo.PieceHashV2(piece).Length);
        }

        Assert.Equal(metainfo.InfoHashes, TorrentMetainfo.Parse(metainfo.ToBytes()).InfoHashes);
        Assert.Equal(metainfo.InfoHashes, Magnets.MagnetLinkTests.Parse(metainfo).InfoHashes);
    }
}
