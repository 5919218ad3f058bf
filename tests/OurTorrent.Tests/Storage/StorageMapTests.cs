using CsCheck;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class StorageMapTests
{
    [Fact]
    public void Every_byte_of_any_range_is_found_where_it_is_kept() => Gen
        .Select(Gen.Enum<TorrentVersion>(), Gen.OneOf(Gen.Int[0, 2], Gen.Int[0, 50_000]).Array[1, 20], Gen.Int)
        .Sample(
            (version, lengths, seed) =>
            {
                if (lengths.Sum() == 0)
                    return;
                TorrentMetainfo metainfo = TestContent.Create(version, 32_768, lengths).Metainfo;
                var map = new StorageMap(metainfo);
                var random = new Random(seed);
                int piece = random.Next(metainfo.PieceCount);
                int offset = random.Next(metainfo.PieceLengthOf(piece));
                int length = random.Next(metainfo.PieceLengthOf(piece) - offset + 1);
                int done = 0;
                foreach (StorageSpan span in map.SpansOf(piece, offset, length))
                {
                    Assert.Equal(done, span.Offset);
                    Assert.True(span.Length > 0);
                    foreach (int at in new[] { 0, span.Length - 1 })
                        AssertKept(metainfo, ((long)piece * metainfo.PieceLength) + offset + done + at, span, at);
                    done += span.Length;
                }

                Assert.Equal(length, done);
            },
            iter: 500,
            threads: 1);

    [Fact]
    public void A_piece_over_many_tiny_files_touches_each_of_them()
    {
        TorrentMetainfo metainfo = TestContent.Create(TorrentVersion.V1, 16_384, [.. Enumerable.Repeat(3, 1000)]).Metainfo;
        var map = new StorageMap(metainfo);
        var files = new List<int>();
        foreach (StorageSpan span in map.SpansOf(0, 0, 3000))
            files.Add(span.File);
        Assert.Equal(Enumerable.Range(0, 1000), files);
    }

    [Fact]
    public void Content_ends_in_each_piece_where_only_padding_follows() => Gen
        .Select(Gen.Enum<TorrentVersion>(), Gen.OneOf(Gen.Int[0, 2], Gen.Int[0, 100_000]).Array[1, 20])
        .Sample(
            (version, lengths) =>
            {
                if (lengths.Sum() == 0)
                    return;
                TorrentMetainfo metainfo = TestContent.Create(version, 32_768, lengths).Metainfo;
                var map = new StorageMap(metainfo);
                for (int piece = 0; piece < metainfo.PieceCount; piece++)
                {
                    int length = metainfo.PieceLengthOf(piece);
                    int end = 0;
                    foreach (StorageSpan span in map.SpansOf(piece, 0, length))
                        end = span.IsGap ? end : span.Offset + span.Length;
                    Assert.Equal(end, map.ContentEndOf(piece, length));
                }
            },
            iter: 200,
            threads: 1);

    [Fact]
    public void A_piece_of_nothing_but_padding_counts_as_content()
    {
        TorrentMetainfo metainfo = TestContent.Create(
            TorrentVersion.V1, 16_384, new TestContent.Entry("a", 10), new TestContent.Entry("pad", 40_000, "p"), new TestContent.Entry("b", 10)).Metainfo;
        var map = new StorageMap(metainfo);
        Assert.Equal([10, 16_384, 40_020 - 32_768], Enumerable.Range(0, 3).Select(piece => map.ContentEndOf(piece, metainfo.PieceLengthOf(piece))));
    }

    private static void AssertKept(TorrentMetainfo metainfo, long position, StorageSpan span, int at)
    {
        TorrentFile? holder = metainfo.Files.SingleOrDefault(
            file => !file.IsPadding && file.Offset <= position && position < file.Offset + file.Length);
        Assert.Equal(holder?.Index ?? StorageSpan.Gap, span.File);
        if (holder is not null)
            Assert.Equal(position - holder.Offset, span.FileOffset + at);
    }
}
