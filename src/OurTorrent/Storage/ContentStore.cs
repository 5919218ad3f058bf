using System.Buffers;
using System.Security.Cryptography;
using OurTorrent.Loop;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// The content of one torrent as the engine sees it: blocks go in and verdicts on pieces come out, blocks are read for
/// upload, and what is on disk is checked. Everything that may wait for a disk, and all hashing, runs on the disk
/// scheduler; the outcome comes back on the loop, to which the store itself belongs.
/// </summary>
/// <remarks>
/// <para>
/// Memory: blocks that wait to be written are the pool's, so all torrents of a session together hold at most
/// <see cref="BlockPool.Capacity"/> blocks, and one more for each connection that is in the middle of one. Blocks read for
/// upload, cached or being sent, are the cache's and bounded by its own limit. A second copy of a block is never made.
/// </para>
/// <para>
/// Every call that takes a callback answers it exactly once, on the loop; after <see cref="Close"/> with
/// <see cref="StorageFailure.Closed"/>.
/// </para>
/// </remarks>
internal sealed class ContentStore
{
    /// <summary>The length in bytes of one digest of <see cref="HashBlocks"/>.</summary>
    public const int BlockDigestLength = SHA256.HashSizeInBytes;

    private readonly IDiskScheduler _disk;
    private readonly BlockCache _cache;
    private readonly PieceWriter _writer;
    private readonly int _lane;
    private int _jobs;
    private Action<StorageException?>? _closed;

    /// <summary>Makes a store. Nothing is touched on disk yet.</summary>
    /// <param name="metainfo">What the content is.</param>
    /// <param name="storage">Where it is kept; the store closes it.</param>
    /// <param name="disk">What runs the work.</param>
    /// <param name="loop">The loop the torrent lives on.</param>
    /// <param name="pool">The loop's memory for blocks on their way to the disk.</param>
    /// <param name="cache">The loop's memory for blocks read for upload.</param>
    /// <param name="events">Who is told.</param>
    public ContentStore(
        TorrentMetainfo metainfo,
        IStorage storage,
        IDiskScheduler disk,
        EngineLoop loop,
        BlockPool pool,
        BlockCache cache,
        IContentStoreEvents events)
    {
        Metainfo = metainfo;
        Loop = loop;
        Files = new ContentFiles(metainfo, storage);
        _disk = disk;
        _cache = cache;
        _writer = new PieceWriter(this, pool, events);
        _lane = metainfo.InfoHashes.Wire.GetHashCode();
    }

    /// <summary>What the content is. One that knows more piece layers (BEP 52) may take its place; files and pieces are the same.</summary>
    public TorrentMetainfo Metainfo { get; set; }

    /// <summary>Whether <see cref="Close"/> was called.</summary>
    public bool IsClosed => _closed is not null;

    internal EngineLoop Loop { get; }

    internal ContentFiles Files { get; }

    internal int Workers => _disk.Workers;

    /// <summary>Takes a block that has arrived. It is written and hashed with its piece.</summary>
    /// <param name="piece">The index of the piece, which is not on disk and verified yet.</param>
    /// <param name="block">The index of the block in the piece.</param>
    /// <param name="buffer">
    /// The block, with its <see cref="BlockBuffer.Length"/> set. It belongs to the store from here on, which gives it back
    /// to its pool, whatever the answer.
    /// </param>
    /// <returns>Whether it was taken; false when it had arrived before, or the store is closed.</returns>
    /// <exception cref="ArgumentException">The piece has no such block, or the block has another length.</exception>
    public bool AddBlock(int piece, int block, BlockBuffer buffer)
    {
        if (!IsClosed)
            return _writer.Add(piece, block, buffer);
        buffer.Release();
        return false;
    }

    /// <summary>Whether blocks of a piece have been added and it is neither done, failed nor forgotten.</summary>
    public bool IsInProgress(int piece) => _writer.Contains(piece);

    /// <summary>Drops a piece in progress; nothing is told of it any more. Does nothing when there is none.</summary>
    /// <param name="piece">The index of the piece.</param>
    public void Forget(int piece) => _writer.Forget(piece);

    /// <summary>
    /// Reads a block for upload, with the 256 KiB around it in its piece, which other requests then find in memory.
    /// </summary>
    /// <param name="request">
    /// What to read, within a piece; at most 16 KiB, at any offset. Of what reaches past a file's end into the gap of a v2
    /// torrent (BEP 52) only the bytes of the file are read.
    /// </param>
    /// <param name="reader">Who is told; possibly before this returns.</param>
    /// <param name="state">Handed back to the reader.</param>
    /// <exception cref="ArgumentOutOfRangeException">The request is longer than 16 KiB or not within a piece.</exception>
    public void Read(BlockRequest request, IBlockReader reader, object? state)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)request.Piece, (uint)Metainfo.PieceCount, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(request.Length - 1), (uint)(BlockRequest.BlockSize - 1), nameof(request));
        ArgumentOutOfRangeException.ThrowIfNegative(request.Offset, nameof(request));
        int length = Metainfo.PieceLengthOf(request.Piece);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(request.Offset, length, nameof(request));
        int end = Metainfo.Version == TorrentVersion.V2 ? Metainfo.PieceLength : length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Offset, end - request.Length, nameof(request));
        if (IsClosed)
            reader.OnReadFailed(request, ClosedFailure(), state);
        else
            _cache.Read(this, request, reader, state);
    }

    /// <summary>Reads a part of a file, past the cache: for those who read the content on this machine.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="offset">Where to begin in the file, in bytes.</param>
    /// <param name="destination">Where to put the bytes; not to be touched before the answer.</param>
    /// <param name="done">Gets how many bytes were read, fewer than asked for only at the end of the file; or what went wrong.</param>
    public void ReadFile(int file, long offset, Memory<byte> destination, Action<int, StorageException?> done)
    {
        int count = 0;
        Submit(
            (int)(offset / BlockCache.ExtentSize),
            StorageFailure.ReadFailed,
            () => count = Files.Read(file, offset, destination.Span),
            failure => done(failure is null ? count : 0, failure));
    }

    /// <summary>
    /// Hashes each block of a piece as it is on disk: to find out, once the piece has been fetched again, who had sent the
    /// bad blocks. Called when a piece is told to be bad, it sees that piece, not what is added for it afterwards.
    /// </summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="done">Gets the digests end to end, <see cref="BlockDigestLength"/> bytes each, or null and what went wrong.</param>
    public void HashBlocks(int piece, Action<byte[]?, StorageException?> done)
    {
        byte[]? digests = null;
        Submit(
            piece,
            StorageFailure.ReadFailed,
            () => digests = DigestsOf(piece),
            failure => done(failure is null ? digests : null, failure));
    }

    /// <summary>
    /// Hashes pieces on all disk threads. A piece that touches a file which is missing or too short is passed over.
    /// </summary>
    /// <param name="candidates">The pieces to look at; not changed, and read only now.</param>
    /// <param name="progress">Told now and then, on the loop; or null.</param>
    /// <param name="done">Gets the outcome.</param>
    /// <param name="cancellationToken">Ends the check early; pieces found until then count.</param>
    public void CheckPieces(
        Bitfield candidates,
        Action<CheckProgress>? progress,
        Action<CheckResult> done,
        CancellationToken cancellationToken)
    {
        if (IsClosed)
            done(new CheckResult(new Bitfield(Metainfo.PieceCount), Failure: null, BytesHashed: 0, IsCancelled: true));
        else
            new PieceCheck(this, candidates, progress, done, cancellationToken).Start();
    }

    /// <summary>
    /// Makes files exist with their full length. Files are made when their first byte is written; empty files and symbolic
    /// links, into which nothing is written, are made by this alone.
    /// </summary>
    /// <param name="files">The indices of the files; padding files among them are passed over.</param>
    /// <param name="done">Gets what went wrong, or null.</param>
    public void Prepare(IReadOnlyList<int> files, Action<StorageException?> done) => Submit(
        0,
        StorageFailure.WriteFailed,
        () =>
        {
            foreach (int file in files)
            {
                if (!Metainfo.Files[file].IsPadding)
                    Files.Prepare(file);
            }
        },
        done);

    /// <summary>Looks at every file without reading it, to see whether it has changed since an earlier session.</summary>
    /// <param name="done">Gets one stamp for each file, null for padding and what does not exist; or null and what went wrong.</param>
    public void GetStamps(Action<FileStamp?[]?, StorageException?> done)
    {
        var stamps = new FileStamp?[Metainfo.Files.Count];
        Submit(
            0,
            StorageFailure.ReadFailed,
            () =>
            {
                for (int i = 0; i < stamps.Length; i++)
                    stamps[i] = Metainfo.Files[i].IsPadding ? null : Files.Storage.GetStamp(i);
            },
            failure => done(failure is null ? stamps : null, failure));
    }

    /// <summary>
    /// Closes the store: blocks still in memory are dropped, what is on its way to the disk gets there, then the storage is
    /// flushed and disposed. Pieces that are not whole by then are not told of. Closing twice is not allowed.
    /// </summary>
    /// <param name="closed">Gets what went wrong with the last flush, or null.</param>
    public void Close(Action<StorageException?> closed)
    {
        if (IsClosed)
            throw new InvalidOperationException("The store is closed already.");

        _closed = closed;
        _writer.Close();
        _cache.Drop(this);
        if (_jobs == 0)
            CloseStorage();
    }

    internal static StorageException ClosedFailure() =>
        new(StorageFailure.Closed, path: null, "The torrent was stopped before its content was read or written.");

    /// <summary>A piece begins to arrive: what was read of it before is no longer true.</summary>
    internal void OnPieceBegun(int piece) => _cache.Drop(this, piece);

    /// <summary>Hands a job over; <see cref="EndJob"/> is called when its outcome has been used.</summary>
    internal void BeginJob(DiskJob job, int lane)
    {
        _jobs++;
        _disk.Submit(job, (_lane + lane) & int.MaxValue);
    }

    internal void EndJob()
    {
        if (--_jobs == 0 && IsClosed)
            CloseStorage();
    }

    private void Submit(int lane, StorageFailure kind, Action work, Action<StorageException?> done)
    {
        if (IsClosed)
            done(ClosedFailure());
        else
            BeginJob(new StorageJob(this, kind, work, done), lane);
    }

    private void CloseStorage() => _disk.Submit(
        new StorageJob(
            this,
            StorageFailure.WriteFailed,
            () =>
            {
                using (Files.Storage)
                    Files.Storage.Flush();
            },
            _closed!,
            isLast: true),
        _lane & int.MaxValue);

    private byte[] DigestsOf(int piece)
    {
        int length = Metainfo.PieceLengthOf(piece);
        int count = (length + BlockRequest.BlockSize - 1) / BlockRequest.BlockSize;
        var digests = new byte[count * BlockDigestLength];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockRequest.BlockSize);
        try
        {
            for (int i = 0; i < count; i++)
            {
                int offset = i * BlockRequest.BlockSize;
                Span<byte> block = buffer.AsSpan(0, Math.Min(BlockRequest.BlockSize, length - offset));
                if (!Files.TryRead(piece, offset, block))
                    throw new StorageException(StorageFailure.NotFound, path: null, $"Piece {piece} is not on disk: a file is missing or too short.");
                SHA256.HashData(block, digests.AsSpan(i * BlockDigestLength, BlockDigestLength));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return digests;
    }

    /// <summary>A rare piece of work for which a delegate will do.</summary>
    private sealed class StorageJob(
        ContentStore store,
        StorageFailure kind,
        Action work,
        Action<StorageException?> done,
        bool isLast = false) : DiskJob(store.Loop)
    {
        private StorageException? _failure;

        public override void Execute()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                // The edge of the disk thread: the caller is told.
                _failure = StorageException.From(e, kind);
            }
        }

        public override void Run()
        {
            try
            {
                done(_failure);
            }
            finally
            {
                if (!isLast)
                    store.EndJob();
            }
        }
    }
}
