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
    private readonly List<IBlockHolder> _holders = [];
    private bool _wasExhausted;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="limit">How much memory to use for blocks, in bytes; at least one slab of 512 KiB is.</param>
    public BlockPool(long limit) =>
        Capacity = (int)Math.Min(int.MaxValue, Math.Max(BlocksPerSlab, limit / BlockRequest.BlockSize));

    /// <summary>How many blocks may be in use before sockets are no longer read.</summary>
    public int Capacity { get; }

    /// <summary>
    /// How many blocks may be in use and not on their way to the disk before holders are asked to write out what they
    /// keep. Below <see cref="LowWater"/>, so that a pool whose writes are all done is never left above that.
    /// </summary>
    public int HighWater => Capacity / 4 * 3;

    /// <summary>After an exhausted pool has fallen to this, holders are told that there is room.</summary>
    public int LowWater => Capacity - (Capacity / 8);

    /// <summary>How many blocks are in use.</summary>
    public int InUse { get; private set; }

    /// <summary>How many of the blocks in use have been handed to the disk, and so will soon be free.</summary>
    public int Writing { get; private set; }

    /// <summary>
    /// Whether the limit is reached. A block whose message has begun to arrive still gets its buffer, so the pool
    /// overshoots by at most one block for each connection.
    /// </summary>
    public bool IsExhausted => InUse >= Capacity;

    /// <summary>
    /// Called once, when the next share of any block is released, and then forgotten: for those who keep shares of their
    /// own, which become free to let go of when others let go of theirs. Take no block within.
    /// </summary>
    public Action? WhenReleased { get; set; }

    /// <summary>Takes a block; the caller owns it until it is released.</summary>
    public BlockBuffer Rent()
    {
        if (_free.Count == 0)
        {
            byte[] slab = GC.AllocateUninitializedArray<byte>(BlocksPerSlab * BlockRequest.BlockSize, pinned: true);
            for (int i = BlocksPerSlab - 1; i >= 0; i--)
                _free.Push(new BlockBuffer(this, slab, i * BlockRequest.BlockSize));
        }

        InUse++;
        BlockBuffer block = _free.Pop();
        block.Begin();
        if (InUse >= Capacity)
            _wasExhausted = true;
        if (InUse - Writing >= HighWater)
            Relieve();
        return block;
    }

    /// <summary>Adds one who keeps blocks of this pool.</summary>
    public void Register(IBlockHolder holder) => _holders.Add(holder);

    /// <summary>Takes a holder out.</summary>
    public void Unregister(IBlockHolder holder) => _holders.Remove(holder);

    /// <summary>Notes that blocks were handed to the disk.</summary>
    /// <param name="count">How many.</param>
    public void BeginWriting(int count) => Writing += count;

    /// <summary>Notes that the disk is done with blocks, which are then released.</summary>
    /// <param name="count">How many.</param>
    public void EndWriting(int count) => Writing -= count;

    internal void TakeBack(BlockBuffer block)
    {
        InUse--;
        _free.Push(block);
        if (!_wasExhausted || InUse > LowWater)
            return;

        _wasExhausted = false;
        for (int i = 0; i < _holders.Count; i++)
            _holders[i].OnRoom();
    }

    internal void OnReleased()
    {
        if (WhenReleased is not { } callback)
            return;
        WhenReleased = null;
        callback();
    }

    private void Relieve()
    {
        while (InUse - Writing >= HighWater)
        {
            IBlockHolder? largest = null;
            int most = 0;
            foreach (IBlockHolder holder in _holders)
            {
                int count = holder.Writable;
                if (count > most)
                {
                    most = count;
                    largest = holder;
                }
            }

            if (largest is null)
                return;
            largest.WriteOut();
        }
    }
}
