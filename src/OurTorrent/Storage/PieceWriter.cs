namespace OurTorrent.Storage;

/// <summary>
/// The way of blocks to the disk. Blocks of a piece wait in memory until 16 of them follow one another or the piece is
/// complete; then they are written together and hashed from the same memory. When the pool runs short, the piece that
/// keeps most is written out as it is; what thereby misses its turn to be hashed is read back later. Belongs to the loop.
/// </summary>
internal sealed class PieceWriter : IBlockHolder
{
    /// <summary>How many blocks that follow one another are written at once.</summary>
    private const int BlocksPerWrite = 16;

    // Enough of a run to be worth a write of its own, rather than to break up a piece with holes.
    private const int WorthwhileRun = 4;

    // Beyond this many, pieces and jobs that are not in use are left to the garbage collector.
    private const int MaxSpare = 16;

    private readonly ContentStore _store;
    private readonly BlockPool _pool;
    private readonly IContentStoreEvents _events;
    private readonly Dictionary<int, PieceInProgress> _pieces = [];
    private readonly Stack<PieceInProgress> _sparePieces = new();
    private readonly Stack<WriteJob> _spareJobs = new();

    /// <summary>Makes a writer for a store.</summary>
    public PieceWriter(ContentStore store, BlockPool pool, IContentStoreEvents events)
    {
        _store = store;
        _pool = pool;
        _events = events;
        pool.Register(this);
    }

    /// <inheritdoc/>
    public int Writable => LargestHolding(out _, out _);

    /// <summary>Takes a block; see <see cref="ContentStore.AddBlock"/>.</summary>
    public bool Add(int piece, int block, BlockBuffer buffer)
    {
        if (!_pieces.TryGetValue(piece, out PieceInProgress? progress))
        {
            progress = _sparePieces.Count > 0 ? _sparePieces.Pop() : new PieceInProgress();
            progress.Begin(_store.Metainfo, _store.Files.Map, piece);
            _pieces.Add(piece, progress);
            _store.OnPieceBegun(piece);
        }

        if ((uint)block >= (uint)progress.BlockCount || buffer.Length != progress.LengthOf(block))
            throw new ArgumentException($"Piece {piece} has no block {block} of {buffer.Length} bytes.", nameof(block));
        if (!progress.TryAdd(block, buffer))
        {
            buffer.Release();
            return false;
        }

        if (progress.ReadyCount >= BlocksPerWrite || progress.IsComplete)
            Submit(progress, all: progress.IsComplete);
        return true;
    }

    /// <summary>Whether a piece has begun to arrive and is not done.</summary>
    public bool Contains(int piece) => _pieces.ContainsKey(piece);

    /// <summary>Drops a piece; its blocks that are on their way to the disk still get there, and nothing is told of them.</summary>
    public void Forget(int piece)
    {
        if (_pieces.TryGetValue(piece, out PieceInProgress? progress))
            Drop(progress);
    }

    /// <inheritdoc/>
    public void WriteOut()
    {
        if (LargestHolding(out PieceInProgress? piece, out bool all) > 0)
            Submit(piece!, all);
    }

    /// <inheritdoc/>
    public void OnRoom() => _events.OnBuffersFreed();

    /// <summary>Takes back a job that is done.</summary>
    public void OnWritten(WriteJob job)
    {
        PieceInProgress piece = job.Piece!;
        StorageException? failure = job.Failure;
        bool good = job.IsGood;
        bool isNews = !piece.IsDropped && (job.IsLast || failure is not null);
        int index = piece.Piece;

        piece.Jobs--;
        _pool.EndWriting(job.Buffers.Length);
        foreach (BlockBuffer buffer in job.Buffers)
            buffer.Release();
        job.Clear();
        if (_spareJobs.Count < MaxSpare)
            _spareJobs.Push(job);

        if (isNews)
            Drop(piece);
        else if (piece.IsDropped)
            RecycleWhenIdle(piece);

        _store.EndJob();
        if (isNews && failure is not null)
            _events.OnStorageFailed(index, failure);
        else if (isNews)
            _events.OnPieceDone(index, good);
    }

    /// <summary>Drops every piece and takes no more part in the pool's business.</summary>
    public void Close()
    {
        foreach (int piece in _pieces.Keys.ToArray())
            Forget(piece);
        _pool.Unregister(this);
        foreach (PieceInProgress piece in _sparePieces)
            piece.Dispose();
        _sparePieces.Clear();
    }

    private int LargestHolding(out PieceInProgress? piece, out bool all)
    {
        PieceInProgress? longestRun = null;
        PieceInProgress? most = null;
        foreach (PieceInProgress candidate in _pieces.Values)
        {
            if (candidate.ReadyCount > (longestRun?.ReadyCount ?? 0))
                longestRun = candidate;
            if (candidate.WaitingCount > (most?.WaitingCount ?? 0))
                most = candidate;
        }

        all = longestRun is not { ReadyCount: >= WorthwhileRun };
        piece = all ? most : longestRun;
        return all ? most?.WaitingCount ?? 0 : longestRun!.ReadyCount;
    }

    private void Submit(PieceInProgress piece, bool all)
    {
        WriteJob job = _spareJobs.Count > 0 ? _spareJobs.Pop() : new WriteJob(this, _store);
        job.Piece = piece;
        piece.HandOver(job, all);
        _pool.BeginWriting(job.Buffers.Length);
        _store.BeginJob(job, piece.Piece);
    }

    private void Drop(PieceInProgress piece)
    {
        _pieces.Remove(piece.Piece);
        piece.IsDropped = true;
        piece.ReleaseWaiting();
        RecycleWhenIdle(piece);
    }

    private void RecycleWhenIdle(PieceInProgress piece)
    {
        if (piece.Jobs > 0)
            return;
        if (_sparePieces.Count < MaxSpare && !_store.IsClosed)
            _sparePieces.Push(piece);
        else
            piece.Dispose();
    }
}
