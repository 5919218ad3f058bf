using System.Security.Cryptography;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class ContentStoreTests
{
    private const int BlockSize = BlockRequest.BlockSize;

    public static TheoryData<TorrentVersion> Versions => [TorrentVersion.V1, TorrentVersion.V2, TorrentVersion.Hybrid];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_torrent_fetched_in_order_is_on_disk_and_verified(TorrentVersion version)
    {
        using var rig = new StoreRig(TestContent.Create(version, 4 * BlockSize, 3, 0, 5 * BlockSize, 100_001, 70_000));

        for (int piece = 0; piece < rig.Metainfo.PieceCount; piece++)
            rig.AddPiece(piece);
        rig.RunAll();

        Assert.Equal(Enumerable.Range(0, rig.Metainfo.PieceCount).Select(piece => (piece, true)), rig.Done.Order());
        AssertContent(rig);
        Assert.Equal(0, rig.Pool.InUse);
        Assert.Equal(0, rig.Storage.BytesRead);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_piece_with_one_changed_bit_is_bad_and_may_be_fetched_again(TorrentVersion version)
    {
        using var rig = new StoreRig(TestContent.Create(version, 4 * BlockSize, 4 * BlockSize, 3 * BlockSize));
        rig.Add(0, 0);
        rig.Add(0, 1, corrupt: true);
        rig.Add(0, 2);
        rig.Add(0, 3);
        rig.RunAll();
        Assert.Equal([(0, false)], rig.Done);

        rig.AddPiece(0);
        rig.RunAll();

        Assert.Equal([(0, false), (0, true)], rig.Done);
        Assert.Equal(0, rig.Pool.InUse);
    }

    [Fact]
    public void A_hybrid_piece_that_matches_only_its_v1_hash_is_bad()
    {
        // The last block of the first file is padded with zeros up to the piece's end; a byte there is covered by v1 alone,
        // and one that makes only v2 fail takes a torrent whose two formats disagree.
        TestContent one = TestContent.Create(TorrentVersion.Hybrid, 2 * BlockSize, 2 * BlockSize);
        byte[] changed = one.PieceOf(0);
        changed[5] ^= 1;
        using var hasher = new PieceHasher();
        hasher.Begin(one.Metainfo, 0);
        hasher.AppendV1(one.PieceOf(0));
        hasher.AddLeaf(0, changed.AsSpan(0, BlockSize));
        hasher.AddLeaf(1, changed.AsSpan(BlockSize));

        Assert.False(hasher.Matches());
    }

    [Fact]
    public void Blocks_that_follow_one_another_are_written_together()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 64 * BlockSize, 64 * BlockSize));
        rig.AddPiece(0);
        rig.RunAll();

        Assert.Equal([(0, true)], rig.Done);
        Assert.Equal(4, rig.Storage.Writes.Count);
        Assert.All(rig.Storage.Writes, write => Assert.Equal(16 * BlockSize, write.Length));
    }

    [Fact]
    public void Blocks_out_of_order_wait_in_memory_and_are_written_once_and_never_read_again()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 32 * BlockSize, 32 * BlockSize));
        for (int block = 31; block >= 0; block--)
            rig.Add(0, block);
        rig.RunAll();

        Assert.Equal([(0, true)], rig.Done);
        Assert.Equal((0, 0L, 32 * BlockSize), Assert.Single(rig.Storage.Writes));
        Assert.Equal(0, rig.Storage.BytesRead);
    }

    [Fact]
    public void Short_of_memory_waiting_blocks_are_written_out_and_hashed_later_from_disk()
    {
        // 32 blocks of memory; 24 of them are the high-water mark.
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 64 * BlockSize, 64 * BlockSize, 30_000), poolLimit: 1);
        for (int block = 63; block > 0; block--)
        {
            rig.Add(0, block);
            Assert.True(rig.Pool.InUse - rig.Pool.Writing <= rig.Pool.HighWater);
            rig.RunAll();
        }

        Assert.True(rig.Pool.InUse < 32);
        Assert.Empty(rig.Done);
        rig.Add(0, 0);
        rig.RunAll();

        Assert.Equal([(0, true)], rig.Done);
        Assert.True(rig.Storage.BytesRead > 0);
        Assert.Equal(0, rig.Pool.InUse);
        Assert.Equal(rig.Content.PieceOf(0), rig.Storage.Files[0]);
    }

    [Fact]
    public void A_v2_piece_is_never_read_again_even_when_memory_is_short()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V2, 64 * BlockSize, 64 * BlockSize), poolLimit: 1);
        for (int block = 63; block >= 0; block--)
        {
            rig.Add(0, block);
            rig.RunAll();
        }

        Assert.Equal([(0, true)], rig.Done);
        Assert.Equal(0, rig.Storage.BytesRead);
    }

    [Fact]
    public void A_pool_that_was_exhausted_says_so_once_it_has_room()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 64 * BlockSize, 64 * BlockSize), poolLimit: 1);
        for (int block = 0; block < 32; block++)
            rig.Add(0, block);
        Assert.True(rig.Pool.IsExhausted);
        Assert.Equal(0, rig.Freed);

        rig.RunAll();

        Assert.Equal(1, rig.Freed);
        Assert.False(rig.Pool.IsExhausted);
    }

    [Fact]
    public void A_block_that_comes_twice_is_given_back()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 4 * BlockSize, 4 * BlockSize));
        Assert.True(rig.Add(0, 2));
        Assert.False(rig.Add(0, 2));
        Assert.Equal(1, rig.Pool.InUse);
    }

    [Fact]
    public void A_forgotten_piece_is_not_told_of_and_gives_its_memory_back()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 32 * BlockSize, 32 * BlockSize));
        for (int block = 0; block < 20; block++)
            rig.Add(0, block);
        Assert.True(rig.Store.IsInProgress(0));

        rig.Store.Forget(0);
        rig.Add(0, 31, corrupt: true);
        for (int block = 0; block < 31; block++)
            rig.Add(0, block);
        rig.RunAll();

        Assert.Equal([(0, false)], rig.Done);
        Assert.Equal(0, rig.Pool.InUse);
    }

    [Fact]
    public void A_failed_write_is_told_once_and_the_piece_may_be_fetched_again()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 64 * BlockSize, 64 * BlockSize));
        rig.Storage.Before = operation =>
        {
            if (string.Equals(operation, "write", StringComparison.Ordinal))
                throw new StorageException(StorageFailure.DiskFull, "f", "The disk is full.");
        };
        rig.AddPiece(0);
        rig.RunAll();

        (int piece, StorageException failure) = Assert.Single(rig.Failed);
        Assert.Equal((0, StorageFailure.DiskFull), (piece, failure.Kind));
        Assert.Empty(rig.Done);
        Assert.Equal(0, rig.Pool.InUse);
        Assert.False(rig.Store.IsInProgress(0));

        rig.Storage.Before = null;
        rig.AddPiece(0);
        rig.RunAll();
        Assert.Equal([(0, true)], rig.Done);
    }

    [Fact]
    public void What_fails_once_is_done_again_and_nobody_hears_of_it()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 64 * BlockSize, 64 * BlockSize));
        var stumbled = new HashSet<string>(StringComparer.Ordinal);
        rig.Storage.Before = operation =>
        {
            if (operation is "read" or "write" && stumbled.Add(operation))
                throw new IOException("stumbled");
        };
        rig.AddPiece(0);
        rig.RunAll();
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        rig.RunAll();

        Assert.Equal(2, stumbled.Count);
        Assert.Empty(rig.Failed);
        Assert.Equal([(0, true)], rig.Done);
        Assert.Equal(rig.Content.BlockOf(0, 0), Assert.Single(rig.Reads).Data);
    }

    [Fact]
    public void What_a_storage_throws_is_told_by_its_kind()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, BlockSize, BlockSize, 5));
        rig.Storage.Before = operation => throw (operation switch
        {
            "prepare" => new UnauthorizedAccessException("no"),
            _ => new IOException("broken"),
        });
        rig.AddPiece(0);
        rig.Store.HashBlocks(0, (digests, failure) =>
        {
            Assert.Null(digests);
            Assert.Equal(StorageFailure.ReadFailed, failure?.Kind);
        });
        rig.RunAll();

        Assert.Equal(StorageFailure.AccessDenied, Assert.Single(rig.Failed).Failure.Kind);
    }

    [Fact]
    public void A_bad_piece_can_be_hashed_block_by_block_before_it_is_overwritten()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 4 * BlockSize, (4 * BlockSize) - 7));
        var digests = new List<byte[]>();
        rig.WhenDone = piece => rig.Store.HashBlocks(piece, (bytes, _) => digests.Add(bytes!));
        for (int block = 0; block < 4; block++)
            rig.Add(0, block, corrupt: block == 2);
        rig.Disk.RunOne();
        rig.Loop.Turn(wait: false);
        rig.AddPiece(0);
        rig.RunAll();

        Assert.Equal([(0, false), (0, true)], rig.Done);
        Assert.Equal(2, digests.Count);
        bool[] same = [.. Enumerable.Range(0, 4).Select(i => digests[0].AsSpan(i * 32, 32).SequenceEqual(digests[1].AsSpan(i * 32, 32)))];
        Assert.Equal([true, true, false, true], same);
        Assert.Equal(SHA256.HashData(rig.Content.BlockOf(0, 3)), digests[1][96..]);
    }

    [Fact]
    public void Closing_finishes_writes_flushes_and_then_says_so()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 32 * BlockSize, 32 * BlockSize));
        for (int block = 0; block < 20; block++)
            rig.Add(0, block);
        rig.Store.Read(new BlockRequest(0, 0, BlockSize), rig, state: null);
        int closed = 0;
        rig.Store.Close(failure =>
        {
            Assert.Null(failure);
            closed++;
            Assert.True(rig.Storage.IsDisposed);
        });
        Assert.Equal(0, closed);
        rig.RunAll();

        Assert.Equal(1, closed);
        Assert.True(rig.Storage.IsFlushed);
        Assert.Single(rig.Storage.Writes);
        Assert.Equal(StorageFailure.Closed, Assert.Single(rig.ReadFailures).Failure.Kind);
        Assert.Equal(0, rig.Pool.InUse);
        Assert.Equal(0, rig.Cache.BlocksInUse);
        Assert.False(rig.Add(0, 1));
        Assert.Equal(0, rig.Pool.InUse);
        Assert.Empty(rig.Done);
    }

    [Fact]
    public void A_failed_last_flush_is_told()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, BlockSize, 1));
        rig.Storage.Before = _ => throw new IOException("gone");
        StorageException? told = null;
        rig.Store.Close(failure => told = failure);
        rig.RunAll();

        Assert.Equal(StorageFailure.WriteFailed, told?.Kind);
        Assert.True(rig.Storage.IsDisposed);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_check_finds_exactly_the_pieces_that_are_whole(TorrentVersion version)
    {
        TestContent content = TestContent.Create(version, 2 * BlockSize, 9 * BlockSize, 50_000, 40_000, 0, 65_000);
        using var rig = new StoreRig(content);
        for (int file = 0; file < content.Files.Length; file++)
            rig.Storage.Files[file] = content.Metainfo.Files[file].IsPadding ? null : (byte[])content.Files[file].Clone();
        TorrentFile first = content.Metainfo.Files.First(file => file.Length == 9 * BlockSize);
        TorrentFile missing = content.Metainfo.Files.First(file => file.Length == 50_000);
        rig.Storage.Files[first.Index]![(2 * BlockSize) + 1] ^= 1;
        rig.Storage.Files[missing.Index] = null;
        var candidates = new Bitfield(content.Metainfo.PieceCount);
        candidates.Fill();
        var progress = new List<CheckProgress>();
        CheckResult? result = null;
        rig.Store.CheckPieces(candidates, progress.Add, outcome => result = outcome, TestContext.Current.CancellationToken);
        rig.RunAll();

        int corrupt = (int)((first.Offset + (2 * BlockSize) + 1) / content.Metainfo.PieceLength);
        for (int piece = 0; piece < content.Metainfo.PieceCount; piece++)
            Assert.Equal(piece != corrupt && (piece < missing.FirstPiece || piece >= missing.EndPiece), result!.Good[piece]);
        Assert.False(result!.IsCancelled);
        Assert.Null(result.Failure);
        Assert.Equal(new CheckProgress(candidates.Count, candidates.Count, result.Good.Count), progress[^1]);
    }

    [Fact]
    public void A_check_looks_only_at_the_pieces_asked_for_and_names_what_cannot_be_read()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, BlockSize, 10 * BlockSize);
        using var rig = new StoreRig(content);
        rig.Storage.Files[0] = content.Files[0];
        var candidates = new Bitfield(10);
        candidates.Add(3);
        candidates.Add(4);
        int reads = 0;
        rig.Storage.Before = operation =>
        {
            if (string.Equals(operation, "read", StringComparison.Ordinal) && ++reads <= 2)
                throw new IOException("bad sector");
        };
        CheckResult? result = null;
        rig.Store.CheckPieces(candidates, progress: null, outcome => result = outcome, TestContext.Current.CancellationToken);
        rig.RunAll();

        Assert.Equal(3, reads);
        Assert.Equal(1, result!.Good.Count);
        Assert.True(result.Good[4]);
        Assert.Equal(StorageFailure.ReadFailed, result.Failure?.Kind);
    }

    [Fact]
    public void A_cancelled_check_ends_early_and_keeps_what_it_found()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 8 << 20, 4 * (8 << 20));
        using var rig = new StoreRig(content);
        rig.Storage.Files[0] = content.Files[0];
        var candidates = new Bitfield(4);
        candidates.Fill();
        using var cancellation = new CancellationTokenSource();
        CheckResult? result = null;
        rig.Store.CheckPieces(candidates, progress: null, outcome => result = outcome, cancellation.Token);
        rig.Disk.RunOne();
        cancellation.Cancel();
        rig.RunAll();

        Assert.True(result!.IsCancelled);
        Assert.Equal(1, result.Good.Count);
    }

    [Fact]
    public void Empty_files_are_made_when_asked_and_stamps_tell_what_is_there()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.Hybrid, BlockSize, 0, 5, 7));
        int empty = rig.Metainfo.Files.First(file => file.Length == 0).Index;
        rig.Store.Prepare([empty], Assert.Null);
        FileStamp?[]? stamps = null;
        rig.Store.GetStamps((found, _) => stamps = found);
        rig.RunAll();

        Assert.Equal(0, stamps![empty]?.Length);
        Assert.Single(stamps, stamp => stamp is not null);
    }

    [Fact]
    public void A_part_of_a_file_is_read_up_to_its_end()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, BlockSize, 100));
        rig.Storage.Files[0] = rig.Content.Files[0];
        var destination = new byte[50];
        int count = 0;
        rig.Store.ReadFile(0, 80, destination, (read, _) => count = read);
        rig.RunAll();

        Assert.Equal(20, count);
        Assert.Equal(rig.Content.Files[0][80..], destination[..20]);
    }

    [Fact]
    public void Steady_writing_allocates_nothing_for_each_block()
    {
        using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 64 * BlockSize, 64 * BlockSize), storage: new NullStorage());
        byte[] piece = rig.Content.PieceOf(0);
        void Fetch()
        {
            for (int block = 0; block < 64; block++)
            {
                BlockBuffer buffer = rig.Pool.Rent();
                piece.AsSpan(block * BlockSize, BlockSize).CopyTo(buffer.Memory.Span);
                buffer.Length = BlockSize;
                rig.Store.AddBlock(0, block, buffer);
            }

            while (rig.Disk.Pending > 0)
            {
                rig.Disk.RunOne();
                rig.Loop.Turn(wait: false);
            }
        }

        long perBlock = Allocation.Least(Fetch) / 64;

        // What is left is the test's own: the disk it runs by hand builds an array for each of the four jobs.
        Assert.True(perBlock < 50, $"{perBlock} bytes were allocated for each block.");
        Assert.All(rig.Done, done => Assert.True(done.Good));
    }

    private static void AssertContent(StoreRig rig)
    {
        foreach (TorrentFile file in rig.Metainfo.Files.Where(file => file is { IsPadding: false, Length: > 0 }))
            Assert.Equal(rig.Content.Files[file.Index], rig.Storage.Files[file.Index]);
    }

    private sealed class NullStorage : IStorage
    {
        public FileStamp? GetStamp(int file) => null;

        public void Prepare(int file)
        {
        }

        public int Read(int file, long offset, Span<byte> destination) => 0;

        public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
