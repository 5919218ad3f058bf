using OurTorrent.Loop;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// A stretch of a piece that was read, or is being read, for upload: up to 16 blocks, those who wait for them, and the
/// job that reads them. Used again for other stretches.
/// </summary>
internal sealed class CachedExtent : DiskJob
{
    private readonly BlockCache _cache;
    private readonly BlockBuffer[] _buffers = new BlockBuffer[BlockCache.BlocksPerExtent];

    /// <summary>Makes an extent that holds nothing.</summary>
    public CachedExtent(BlockCache cache, EngineLoop loop)
        : base(loop)
    {
        _cache = cache;
        Node = new LinkedListNode<CachedExtent>(this);
    }

    /// <summary>The content it is of; null while it is not in use.</summary>
    public ContentStore? Store { get; private set; }

    /// <summary>The index of the piece.</summary>
    public int Piece { get; private set; }

    /// <summary>Where it begins in the piece, in bytes.</summary>
    public int Offset { get; private set; }

    /// <summary>How many blocks it has.</summary>
    public int Count { get; private set; }

    /// <summary>Whether others may find it: it is all that an extent can hold, and nothing has changed on disk since.</summary>
    public bool IsCached { get; set; }

    /// <summary>Whether it has been read, and those who waited have been told.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>What went wrong when it was read, or null.</summary>
    public StorageException? Failure { get; private set; }

    /// <summary>Who waits for it.</summary>
    public List<BlockWaiter> Waiters { get; } = [];

    /// <summary>Its place among the loaded extents.</summary>
    public LinkedListNode<CachedExtent> Node { get; }

    /// <summary>Whether letting go of it would free memory: some block is not being sent.</summary>
    public bool IsWorthEvicting
    {
        get
        {
            foreach (BlockBuffer buffer in Buffers)
            {
                if (!buffer.IsShared)
                    return true;
            }

            return false;
        }
    }

    private ReadOnlySpan<BlockBuffer> Buffers => _buffers.AsSpan(0, Count);

    /// <summary>Takes the blocks for a stretch.</summary>
    /// <param name="pool">Where from.</param>
    /// <param name="store">The content.</param>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="offset">Where the stretch begins in the piece, in bytes.</param>
    /// <param name="length">Its length in bytes, at most 256 KiB.</param>
    public void Begin(BlockPool pool, ContentStore store, int piece, int offset, int length)
    {
        Store = store;
        Piece = piece;
        Offset = offset;
        Failure = null;
        IsLoaded = false;
        for (; length > 0; length -= BlockRequest.BlockSize)
        {
            BlockBuffer buffer = pool.Rent();
            buffer.Length = Math.Min(length, BlockRequest.BlockSize);
            _buffers[Count++] = buffer;
        }
    }

    /// <summary>Tells one who waits.</summary>
    /// <param name="waiter">Who asked, and for what.</param>
    /// <param name="failure">What went wrong, or null.</param>
    public void Answer(in BlockWaiter waiter, StorageException? failure)
    {
        if (failure is not null)
        {
            waiter.Reader.OnReadFailed(waiter.Request, failure, waiter.State);
            return;
        }

        int offset = waiter.Request.Offset - Offset;
        BlockBuffer buffer = _buffers[offset / BlockRequest.BlockSize];
        int start = offset % BlockRequest.BlockSize;
        ReadOnlyMemory<byte> data = buffer.Memory.Slice(start, Math.Min(waiter.Request.Length, buffer.Length - start));
        buffer.Share();
        waiter.Reader.OnBlockRead(waiter.Request, buffer, data, waiter.State);
    }

    /// <summary>Lets go of the blocks; those being sent go back to the pool later.</summary>
    public void End()
    {
        foreach (BlockBuffer buffer in Buffers)
            buffer.Release();
        Array.Clear(_buffers, 0, Count);
        Count = 0;
        Store = null;
    }

    /// <inheritdoc/>
    public override void Execute()
    {
        try
        {
            int offset = Offset;
            foreach (BlockBuffer buffer in Buffers)
            {
                if (!Store!.Files.TryRead(Piece, offset, buffer.Memory.Span[..buffer.Length]))
                    throw new StorageException(StorageFailure.NotFound, path: null, $"Piece {Piece} cannot be read: a file is missing or too short.");
                offset += BlockRequest.BlockSize;
            }
        }
        catch (Exception e)
        {
            // The edge of the disk thread: whatever a storage throws becomes the answer to those who wait.
            Failure = StorageException.From(e, StorageFailure.ReadFailed);
        }
    }

    /// <inheritdoc/>
    public override void Run() => _cache.OnRead(this);
}
