using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// The memory of a session for blocks on their way between sockets and disk. It grows in slabs up to a limit and is never
/// given back, so that no block costs an allocation. Belongs to the loop's thread.
/// </summary>
internal sealed class BlockPool
{
    private const int BlocksPerSlab = 32;
    private readonly Stack<BlockBuffer> _free = new();

    /// <summary>Makes an empty pool.</summary>
    /// <param name="limit">How much memory to use for blocks, in bytes; at least one slab of 512 KiB is.</param>
    public BlockPool(long limit) =>
        Capacity = (int)Math.Min(int.MaxValue, Math.Max(BlocksPerSlab, limit / BlockRequest.BlockSize));

    /// <summary>How many blocks may be in use before sockets are no longer read.</summary>
    public int Capacity { get; }

    /// <summary>How many blocks are in use.</summary>
    public int InUse { get; private set; }

    /// <summary>
    /// Whether the limit is reached. A block whose message has begun to arrive still gets its buffer, so the pool
    /// overshoots by at most one block for each connection.
    /// </summary>
    public bool IsExhausted => InUse >= Capacity;

    /// <summary>Takes a block; the caller owns it until <see cref="Return"/>.</summary>
    public BlockBuffer Rent()
    {
        if (_free.Count == 0)
        {
            byte[] slab = GC.AllocateUninitializedArray<byte>(BlocksPerSlab * BlockRequest.BlockSize, pinned: true);
            for (int i = BlocksPerSlab - 1; i >= 0; i--)
                _free.Push(new BlockBuffer(slab, i * BlockRequest.BlockSize));
        }

        InUse++;
        BlockBuffer block = _free.Pop();
        block.Length = 0;
        return block;
    }

    /// <summary>Gives a block back.</summary>
    public void Return(BlockBuffer block)
    {
        InUse--;
        _free.Push(block);
    }
}
