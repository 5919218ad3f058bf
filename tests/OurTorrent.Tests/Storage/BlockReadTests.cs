using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class BlockReadTests
{
    private const int BlockSize = BlockRequest.BlockSize;

    [Fact]
    public void One_read_of_an_extent_answers_all_who_ask_for_it()
    {
        using StoreRig rig = Seeding(32 * BlockSize, 40 * BlockSize);
        for (int block = 0; block < 16; block++)
            rig.Store.Read(new BlockRequest(0, block * BlockSize, BlockSize), rig, block);
        Assert.Equal(1, rig.Disk.Pending);
        Assert.Empty(rig.Reads);
        rig.RunAll();
        Assert.Equal(16, rig.Reads.Count);

        long read = rig.Storage.BytesRead;
        rig.Store.Read(new BlockRequest(0, 100, 50), rig, "again");
        Assert.Equal(17, rig.Reads.Count);
        Assert.Equal(read, rig.Storage.BytesRead);
        Assert.Equal("again", rig.Reads[^1].State);
        AssertRight(rig);
    }

    [Theory]
    [InlineData(0, 0, 16384)]
    [InlineData(0, 16000, 16384)]
    [InlineData(1, 5, 16379)]
    [InlineData(1, 16000, 500)]
    [InlineData(1, 7, 1)]
    [InlineData(2, 0, 10)]
    public void A_block_is_read_at_any_offset(int piece, int offset, int length)
    {
        using StoreRig rig = Seeding(3 * BlockSize, (3 * BlockSize) + 100, (3 * BlockSize) - 90);
        rig.Store.Read(new BlockRequest(piece, offset, length), rig, state: null);
        rig.RunAll();

        Assert.Single(rig.Reads);
        AssertRight(rig);
        foreach ((_, BlockBuffer buffer, _, _) in rig.Reads)
            buffer.Release();
    }

    [Theory]
    [InlineData(1, 0, 16384, 100)]
    [InlineData(1, 90, 16000, 10)]
    [InlineData(1, 90, 16384, 10)]
    public void Of_a_request_that_reaches_into_the_gap_after_a_v2_file_the_bytes_of_the_file_are_read(
        int piece, int offset, int length, int expected)
    {
        using StoreRig rig = Seeding(2 * BlockSize, (2 * BlockSize) + 100, 500, version: TorrentVersion.V2);
        rig.Store.Read(new BlockRequest(piece, offset, length), rig, state: null);
        rig.RunAll();

        (_, BlockBuffer buffer, byte[] data, _) = Assert.Single(rig.Reads);
        Assert.Equal(rig.Content.PieceOf(piece).AsSpan(offset, expected).ToArray(), data);
        buffer.Release();
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 16385)]
    [InlineData(1, 80, 30)]
    [InlineData(0, int.MaxValue, 1)]
    public void A_request_outside_the_content_is_refused(int piece, int offset, int length)
    {
        using StoreRig rig = Seeding(BlockSize, BlockSize + 100);
        Assert.Throws<ArgumentOutOfRangeException>(() => rig.Store.Read(new BlockRequest(piece, offset, length), rig, state: null));
        Assert.Equal(0, rig.Disk.Pending);
    }

    [Fact]
    public void Memory_is_bounded_while_peers_are_slow_and_the_rest_wait_in_line()
    {
        // Two extents fit.
        using StoreRig rig = Seeding(16 * BlockSize, 160 * BlockSize, cacheLimit: 1);
        for (int piece = 0; piece < 10; piece++)
        {
            for (int block = 0; block < 16; block++)
                rig.Store.Read(new BlockRequest(piece, block * BlockSize, BlockSize), rig, state: null);
            Assert.True(rig.Cache.BlocksInUse <= rig.Cache.Capacity);
        }

        rig.RunAll();
        Assert.Equal(32, rig.Reads.Count);

        int released = 0;
        while (rig.Reads.Count > released)
        {
            rig.Reads[released++].Buffer.Release();
            rig.RunAll();
            Assert.True(rig.Cache.BlocksInUse <= rig.Cache.Capacity);
        }

        Assert.Equal(160, rig.Reads.Count);
        AssertRight(rig);
        Assert.Empty(rig.ReadFailures);
    }

    [Fact]
    public void A_block_being_sent_stays_intact_when_the_cache_lets_go_of_it()
    {
        using StoreRig rig = Seeding(16 * BlockSize, 160 * BlockSize, cacheLimit: 1);
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.RunAll();
        BlockBuffer kept = rig.Reads[0].Buffer;
        for (int piece = 1; piece < 10; piece++)
        {
            rig.Store.Read(new BlockRequest(piece, 0, BlockSize), rig, state: null);
            rig.RunAll();
            rig.Reads[^1].Buffer.Release();
        }

        Assert.Equal(rig.Content.BlockOf(0, 0), kept.Filled.ToArray());
        kept.Release();
    }

    [Fact]
    public void What_was_not_asked_for_longest_makes_room()
    {
        using StoreRig rig = Seeding(16 * BlockSize, 48 * BlockSize, cacheLimit: 1);
        void Ask(int piece)
        {
            rig.Store.Read(new BlockRequest(piece, 0, BlockSize), rig, state: null);
            rig.RunAll();
            rig.Reads[^1].Buffer.Release();
        }

        Ask(0);
        Ask(1);
        Ask(0);
        Ask(2);
        long read = rig.Storage.BytesRead;
        Ask(0);
        Assert.Equal(read, rig.Storage.BytesRead);
        Ask(1);
        Assert.NotEqual(read, rig.Storage.BytesRead);
    }

    [Fact]
    public void A_failed_read_is_told_to_all_who_wait_and_tried_again_for_the_next()
    {
        using StoreRig rig = Seeding(16 * BlockSize, 16 * BlockSize);
        rig.Storage.Before = _ => throw new IOException("bad sector");
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.Store.Read(new BlockRequest(0, BlockSize, BlockSize), rig, state: null);
        rig.RunAll();
        Assert.Equal([StorageFailure.ReadFailed, StorageFailure.ReadFailed], rig.ReadFailures.Select(failed => failed.Failure.Kind));
        Assert.Equal(0, rig.Cache.BlocksInUse);

        rig.Storage.Before = null;
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.RunAll();
        AssertRight(rig);
        Assert.Single(rig.Reads);
    }

    [Fact]
    public void A_file_that_was_cut_cannot_be_read()
    {
        using StoreRig rig = Seeding(16 * BlockSize, 16 * BlockSize);
        rig.Storage.Files[0] = new byte[100];
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.RunAll();
        Assert.Equal(StorageFailure.NotFound, Assert.Single(rig.ReadFailures).Failure.Kind);
    }

    [Fact]
    public void A_piece_that_is_fetched_anew_is_read_anew()
    {
        using StoreRig rig = Seeding(4 * BlockSize, 4 * BlockSize);
        rig.Storage.Files[0]![0] ^= 1;
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.RunAll();
        rig.Reads.Clear();

        rig.AddPiece(0);
        rig.RunAll();
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.RunAll();
        AssertRight(rig);
    }

    [Fact]
    public void Two_torrents_share_a_cache_and_closing_one_leaves_the_other()
    {
        using StoreRig rig = Seeding(16 * BlockSize, 32 * BlockSize, cacheLimit: 1);
        TestContent other = TestContent.Create(TorrentVersion.V2, 16 * BlockSize, 32 * BlockSize);
        var storage = new MemoryStorage(other.Metainfo);
        storage.Files[0] = other.Files[0];
        var second = new ContentStore(other.Metainfo, storage, rig.Disk, rig.Loop, rig.Pool, rig.Cache, rig);
        var third = new BlockRequest(1, BlockSize, BlockSize);
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        second.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);

        // The cache is full of extents being read: both of these stand in line.
        for (int i = 0; i < 32; i++)
            rig.Store.Read(third, rig, state: null);
        second.Read(third, rig, state: null);
        rig.Store.Close(Assert.Null);
        rig.RunAll();

        Assert.Equal(33, rig.ReadFailures.Count);
        Assert.All(rig.ReadFailures, failed => Assert.Equal(StorageFailure.Closed, failed.Failure.Kind));
        Assert.Equal([other.BlockOf(0, 0), other.BlockOf(1, 1)], rig.Reads.Select(read => read.Data));
    }

    private static StoreRig Seeding(
        int pieceLength,
        int length,
        int secondLength = 0,
        long cacheLimit = BlockCache.DefaultLimit,
        TorrentVersion version = TorrentVersion.V1)
    {
        var rig = new StoreRig(TestContent.Create(version, pieceLength, length, secondLength), cacheLimit: cacheLimit);
        for (int file = 0; file < rig.Content.Files.Length; file++)
            rig.Storage.Files[file] = (byte[])rig.Content.Files[file].Clone();
        return rig;
    }

    private static void AssertRight(StoreRig rig)
    {
        foreach ((BlockRequest request, _, byte[] data, _) in rig.Reads)
            Assert.Equal(rig.Content.PieceOf(request.Piece).AsSpan(request.Offset, request.Length).ToArray(), data);
    }
}
