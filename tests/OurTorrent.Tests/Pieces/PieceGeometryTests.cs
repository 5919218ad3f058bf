using CsCheck;
using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Pieces;

public sealed class PieceGeometryTests
{
    [Fact]
    public void The_last_piece_and_its_last_block_are_short()
    {
        var geometry = new PieceGeometry((2 * 32768) + 20_000, 32768);

        Assert.Equal(3, geometry.PieceCount);
        Assert.Equal(20_000, geometry.LengthOf(2));
        Assert.Equal(2, geometry.BlockCountOf(2));
        Assert.Equal(new BlockRequest(2, 16384, 20_000 - 16384), geometry.RequestOf(2, 1));
    }

    [Fact]
    public void The_torrent_of_the_report_has_its_pieces()
    {
        var geometry = new PieceGeometry(5_665_497_088, 262_144);

        Assert.Equal(21_613, geometry.PieceCount);
        Assert.Equal(5_665_497_088, ((geometry.PieceCount - 1L) * 262_144) + geometry.LengthOf(geometry.PieceCount - 1));
    }

    [Fact]
    public void Content_without_bytes_has_no_pieces()
    {
        Assert.Equal(0, new PieceGeometry(0, 16384).PieceCount);
    }

    [Fact]
    public void Pieces_may_be_shorter_than_a_block()
    {
        var geometry = new PieceGeometry(16384, [100, 16384, 1]);

        Assert.Equal(16485, geometry.TotalLength);
        Assert.Equal(new BlockRequest(2, 0, 1), geometry.RequestOf(2, 0));
    }

    [Theory]
    [InlineData(0, 0, 16384, true)]
    [InlineData(0, 16384, 16384, true)]
    [InlineData(0, 8192, 16384, false)]
    [InlineData(0, 0, 16383, false)]
    [InlineData(0, 32768, 16384, false)]
    [InlineData(2, 0, 16384, false)]
    [InlineData(-1, 0, 16384, false)]
    [InlineData(0, -16384, 16384, false)]
    [InlineData(1, 0, 5, true)]
    public void Only_a_whole_block_is_one(int piece, int offset, int length, bool expected)
    {
        Assert.Equal(expected, new PieceGeometry(32773, 32768).TryGetBlock(new(piece, offset, length), out _));
    }

    [Theory]
    [InlineData(0, 5, 10, true)]
    [InlineData(0, 32767, 1, true)]
    [InlineData(0, 32767, 2, false)]
    [InlineData(0, int.MaxValue, int.MaxValue, false)]
    [InlineData(1, 0, 6, false)]
    [InlineData(2, 0, 1, false)]
    [InlineData(0, 0, 20_001, false)]
    public void Others_may_ask_for_any_part_of_a_piece_up_to_the_limit(int piece, int offset, int length, bool expected)
    {
        Assert.Equal(expected, new PieceGeometry(32773, 32768).Contains(new(piece, offset, length), 20_000));
    }

    [Theory]
    [InlineData(0, 0, 16384, true)]
    [InlineData(0, 4999, 27769, true)]
    [InlineData(0, 4999, 27770, false)]
    [InlineData(0, 5000, 1, false)]
    [InlineData(1, 16384, 16384, true)]
    public void Others_may_ask_for_the_gap_after_a_v2_file_with_the_end_of_the_file(int piece, int offset, int length, bool expected)
    {
        Assert.Equal(expected, new PieceGeometry(32768, [5000, 32768]).Contains(new(piece, offset, length)));
    }

    [Fact]
    public void Blocks_that_are_only_padding_are_no_blocks_and_others_may_ask_for_them_all_the_same()
    {
        var geometry = new PieceGeometry(4 * 65_536, 65_536) { ContentEnd = (piece, length) => piece == 1 ? 16_385 : length };

        Assert.Equal([4, 2, 4, 4], Enumerable.Range(0, 4).Select(geometry.BlockCountOf));
        Assert.Equal(32_768, geometry.FetchedLengthOf(1));
        Assert.Equal(65_536, geometry.FetchedLengthOf(2));
        Assert.True(geometry.TryGetBlock(new BlockRequest(1, 16_384, 16_384), out _));
        Assert.False(geometry.TryGetBlock(new BlockRequest(1, 32_768, 16_384), out _));
        Assert.True(geometry.Contains(new BlockRequest(1, 32_768, 16_384)));
    }

    [Fact]
    public void Blocks_cover_each_piece_exactly()
    {
        Gen.Select(Gen.Long[1, 10_000_000], Gen.Int[1, 300_000]).Sample((total, pieceLength) =>
        {
            var geometry = new PieceGeometry(total, pieceLength);
            long sum = 0;
            for (int piece = 0; piece < geometry.PieceCount; piece++)
            {
                for (int block = 0; block < geometry.BlockCountOf(piece); block++)
                {
                    BlockRequest request = geometry.RequestOf(piece, block);
                    Assert.True(geometry.TryGetBlock(request, out int found));
                    Assert.Equal(block, found);
                    Assert.True(geometry.Contains(request));
                    sum += request.Length;
                }
            }

            Assert.Equal(total, sum);
        }, iter: 20);
    }
}
