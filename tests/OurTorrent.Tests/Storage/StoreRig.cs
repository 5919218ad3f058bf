using OurTorrent.Loop;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;
using OurTorrent.Tests.Loop;

namespace OurTorrent.Tests.Storage;

/// <summary>A content store on a disk and a loop that are run by hand, and what it was heard to say.</summary>
internal sealed class StoreRig : IContentStoreEvents, IBlockReader, IDisposable
{
    public StoreRig(TestContent content, long poolLimit = 32 << 20, long cacheLimit = BlockCache.DefaultLimit, IStorage? storage = null)
    {
        Content = content;
        Storage = new MemoryStorage(content.Metainfo);
        Pool = new BlockPool(poolLimit);
        Loop = new EngineLoop(new IdleNetwork { WhenPolled = _ => { } }, TimeProvider.System, Errors.Add);
        Cache = new BlockCache(Loop, cacheLimit);
        Store = new ContentStore(content.Metainfo, storage ?? Storage, Disk, Loop, Pool, Cache, this);
    }

    public TestContent Content { get; }

    public TorrentMetainfo Metainfo => Content.Metainfo;

    public MemoryStorage Storage { get; }

    public ManualDisk Disk { get; } = new();

    public EngineLoop Loop { get; }

    public BlockPool Pool { get; }

    public BlockCache Cache { get; }

    public ContentStore Store { get; }

    public List<Exception> Errors { get; } = [];

    public List<(int Piece, bool Good)> Done { get; } = [];

    public List<(int Piece, StorageException Failure)> Failed { get; } = [];

    public int Freed { get; private set; }

    public List<(BlockRequest Request, BlockBuffer Buffer, byte[] Data, object? State)> Reads { get; } = [];

    public List<(BlockRequest Request, StorageException Failure)> ReadFailures { get; } = [];

    public Action<int>? WhenDone { get; set; }

    /// <summary>Adds the right block, or one with a byte changed.</summary>
    public bool Add(int piece, int block, bool corrupt = false)
    {
        byte[] bytes = Content.BlockOf(piece, block);
        if (corrupt)
            bytes[bytes.Length / 2] ^= 1;
        BlockBuffer buffer = Pool.Rent();
        bytes.CopyTo(buffer.Memory);
        buffer.Length = bytes.Length;
        return Store.AddBlock(piece, block, buffer);
    }

    /// <summary>Whether the byte that <see cref="Add"/> would change is one of padding.</summary>
    public bool IsPadding(int piece, int block)
    {
        long position = ((long)piece * Metainfo.PieceLength) + (block * BlockRequest.BlockSize) + (Content.BlockOf(piece, block).Length / 2);
        return Metainfo.Files.Any(file => file.IsPadding && file.Offset <= position && position < file.Offset + file.Length);
    }

    public void AddPiece(int piece)
    {
        for (int block = 0; block < Content.BlockCountOf(piece); block++)
            Add(piece, block);
    }

    /// <summary>Runs every job and uses every outcome until nothing is left.</summary>
    public void RunAll()
    {
        do
        {
            while (Disk.RunOne())
            {
            }

            Loop.Turn(wait: false);
        }
        while (Disk.Pending > 0 || Loop.HasPosted);
        Assert.Empty(Errors);
    }

    public void OnPieceDone(int piece, bool good)
    {
        Done.Add((piece, good));
        WhenDone?.Invoke(piece);
    }

    public void OnStorageFailed(int piece, StorageException failure) => Failed.Add((piece, failure));

    public void OnBuffersFreed() => Freed++;

    public void OnBlockRead(BlockRequest request, BlockBuffer buffer, ReadOnlyMemory<byte> data, object? state) =>
        Reads.Add((request, buffer, data.ToArray(), state));

    public void OnReadFailed(BlockRequest request, StorageException failure, object? state) => ReadFailures.Add((request, failure));

    public void Dispose() => Loop.Dispose();
}
