using OurTorrent.Loop;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// Memory for blocks read for upload, shared by the torrents of a loop. A read takes in a whole extent of 256 KiB, later
/// requests for it are answered from memory, and those that come while it is being read wait for the same read. What was
/// not asked for longest makes room. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// Memory: the limit bounds everything read for upload, whether cached, being read or being sent. When all of it is being
/// sent, further requests wait in line until peers have taken some.
/// </remarks>
internal sealed class BlockCache : ILoopWork
{
    /// <summary>How many blocks are read at once.</summary>
    public const int BlocksPerExtent = 16;

    /// <summary>The memory used unless said otherwise, in bytes.</summary>
    public const long DefaultLimit = 16 * 1024 * 1024;

    /// <summary>The length of a whole extent in bytes.</summary>
    public const int ExtentSize = BlocksPerExtent * BlockRequest.BlockSize;

    private readonly EngineLoop _loop;
    private readonly BlockPool _pool;
    private readonly Action _moveLine;
    private readonly Dictionary<Key, CachedExtent> _extents = [];
    private readonly LinkedList<CachedExtent> _loaded = [];
    private readonly Stack<CachedExtent> _spare = new();
    private readonly LinkedList<BlockWaiter> _line = [];

    /// <summary>Makes an empty cache.</summary>
    /// <param name="loop">The loop it belongs to.</param>
    /// <param name="limit">How much memory to use, in bytes; at least 512 KiB is.</param>
    public BlockCache(EngineLoop loop, long limit = DefaultLimit)
    {
        _loop = loop;
        _pool = new BlockPool(limit);

        // The line moves in a turn of its own, since whoever releases a block is in the middle of something.
        _moveLine = () => loop.Post(this);
    }

    /// <summary>How many blocks are cached, being read or being sent.</summary>
    public int BlocksInUse => _pool.InUse;

    /// <summary>How many blocks that may be.</summary>
    public int Capacity => _pool.Capacity;

    /// <summary>Reads a block; see <see cref="ContentStore.Read"/>.</summary>
    public void Read(ContentStore store, BlockRequest request, IBlockReader reader, object? state)
    {
        var waiter = new BlockWaiter(store, request, reader, state);
        if (_line.Count == 0 && TryRead(waiter))
            return;
        _line.AddLast(waiter);
        _pool.WhenReleased = _moveLine;
    }

    /// <summary>Forgets what it holds of a piece, which is about to change.</summary>
    public void Drop(ContentStore store, int piece)
    {
        if (_extents.Count == 0)
            return;
        int extents = (store.Metainfo.PieceLengthOf(piece) + ExtentSize - 1) / ExtentSize;
        for (int i = 0; i < extents; i++)
        {
            if (_extents.TryGetValue(new Key(store, piece, i), out CachedExtent? extent))
                Evict(extent);
        }
    }

    /// <summary>Forgets everything of a store; who stands in line for it is told that it was closed.</summary>
    public void Drop(ContentStore store)
    {
        foreach (CachedExtent extent in _extents.Values.Where(extent => extent.Store == store).ToArray())
            Evict(extent);

        BlockWaiter[] line = [.. _line];
        _line.Clear();
        foreach (BlockWaiter waiter in line)
        {
            if (waiter.Store == store)
                waiter.Reader.OnReadFailed(waiter.Request, ContentStore.ClosedFailure(), waiter.State);
            else
                _line.AddLast(waiter);
        }
    }

    /// <summary>Lets those in line have their turn while there is room.</summary>
    void ILoopWork.Run()
    {
        while (_line.First is { } first)
        {
            // Taken out first: who is told may close a torrent, and with it clear the line.
            _line.RemoveFirst();
            if (TryRead(first.Value))
                continue;
            _line.AddFirst(first);
            _pool.WhenReleased = _moveLine;
            return;
        }
    }

    internal void OnRead(CachedExtent extent)
    {
        ContentStore store = extent.Store!;
        StorageException? failure = store.IsClosed ? ContentStore.ClosedFailure() : extent.Failure;
        if (failure is not null && extent.IsCached)
            Evict(extent);
        store.EndJob();

        // Who is told may at once ask for more of it, and joins the others; it is not evicted before all are told.
        for (int i = 0; i < extent.Waiters.Count; i++)
            extent.Answer(extent.Waiters[i], failure);
        extent.Waiters.Clear();

        extent.IsLoaded = true;
        if (extent.IsCached)
            _loaded.AddLast(extent.Node);
        else
            Recycle(extent);
        if (_line.Count > 0)
            _moveLine();
    }

    private static Key KeyOf(CachedExtent extent) => new(extent.Store!, extent.Piece, extent.Offset / ExtentSize);

    private bool TryRead(in BlockWaiter waiter)
    {
        BlockRequest request = waiter.Request;
        if (request.Offset / BlockRequest.BlockSize != (request.Offset + request.Length - 1) / BlockRequest.BlockSize)
            return TryReadAlone(waiter);

        int index = request.Offset / ExtentSize;
        if (_extents.TryGetValue(new Key(waiter.Store, request.Piece, index), out CachedExtent? extent))
        {
            if (!extent.IsLoaded)
            {
                extent.Waiters.Add(waiter);
                return true;
            }

            _loaded.Remove(extent.Node);
            _loaded.AddLast(extent.Node);
            extent.Answer(waiter, failure: null);
            return true;
        }

        int offset = index * ExtentSize;
        int length = Math.Min(ExtentSize, waiter.Store.Metainfo.PieceLengthOf(request.Piece) - offset);
        if (!HasRoom((length + BlockRequest.BlockSize - 1) / BlockRequest.BlockSize))
            return TryReadAlone(waiter);

        Begin(waiter, offset, length, isCached: true);
        return true;
    }

    /// <summary>Reads just what was asked for, when it lies across blocks or there is no room for more.</summary>
    private bool TryReadAlone(in BlockWaiter waiter)
    {
        if (!HasRoom(1))
            return false;

        BlockRequest request = waiter.Request;
        int length = Math.Min(request.Length, waiter.Store.Metainfo.PieceLengthOf(request.Piece) - request.Offset);
        Begin(waiter, request.Offset, length, isCached: false);
        return true;
    }

    private void Begin(in BlockWaiter waiter, int offset, int length, bool isCached)
    {
        int piece = waiter.Request.Piece;
        CachedExtent extent = _spare.Count > 0 ? _spare.Pop() : new CachedExtent(this, _loop);
        extent.Begin(_pool, waiter.Store, piece, offset, length);
        extent.IsCached = isCached;
        if (isCached)
            _extents.Add(KeyOf(extent), extent);
        extent.Waiters.Add(waiter);

        // Extents of a piece go to different threads.
        waiter.Store.BeginJob(extent, piece + (offset / ExtentSize));
    }

    private bool HasRoom(int blocks)
    {
        LinkedListNode<CachedExtent>? next = _loaded.First;
        while (_pool.InUse + blocks > _pool.Capacity)
        {
            while (next is { Value.IsWorthEvicting: false })
                next = next.Next;
            if (next is null)
                return false;
            CachedExtent extent = next.Value;
            next = next.Next;
            Evict(extent);
        }

        return true;
    }

    private void Evict(CachedExtent extent)
    {
        _extents.Remove(KeyOf(extent));
        extent.IsCached = false;
        if (!extent.IsLoaded)
            return;
        _loaded.Remove(extent.Node);
        Recycle(extent);
    }

    private void Recycle(CachedExtent extent)
    {
        extent.End();
        _spare.Push(extent);
    }

    private readonly record struct Key(ContentStore Store, int Piece, int Index);
}
