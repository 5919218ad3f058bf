using System.Buffers;
using System.Runtime.InteropServices;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>Writes blocks of one piece, and hashes what has become contiguous. Used again and again.</summary>
internal sealed class WriteJob(PieceWriter writer, ContentStore store) : DiskJob(store.Loop)
{
    // How much of what was written out of order is read back at a time.
    private const int BlocksPerRead = 16;

    private readonly List<int> _blocks = [];
    private readonly List<BlockBuffer> _buffers = [];
    private readonly List<ReadOnlyMemory<byte>> _gather = [];

    /// <summary>The piece the blocks are of.</summary>
    public PieceInProgress? Piece { get; set; }

    /// <summary>The first block to hash in order.</summary>
    public int HashFrom { get; set; }

    /// <summary>The block after the last one to hash in order; those in between are in this job, or written already.</summary>
    public int HashTo { get; set; }

    /// <summary>Whether this is the last job of the piece, which says whether it is good.</summary>
    public bool IsLast { get; set; }

    /// <summary>Whether the piece matches its hashes; after the last job.</summary>
    public bool IsGood { get; private set; }

    /// <summary>What went wrong, or null.</summary>
    public StorageException? Failure { get; private set; }

    /// <summary>The blocks to write.</summary>
    public ReadOnlySpan<BlockBuffer> Buffers => CollectionsMarshal.AsSpan(_buffers);

    /// <summary>Adds a block behind those added before.</summary>
    public void Add(int block, BlockBuffer buffer)
    {
        _blocks.Add(block);
        _buffers.Add(buffer);
    }

    /// <summary>Makes the job ready for other blocks.</summary>
    public void Clear()
    {
        _blocks.Clear();
        _buffers.Clear();
        Piece = null;
        IsGood = false;
        Failure = null;
    }

    /// <inheritdoc/>
    public override void Execute()
    {
        PieceInProgress piece = Piece!;
        if (piece.HasFailed)
            return;

        var kind = StorageFailure.WriteFailed;
        try
        {
            WriteRuns(piece.Piece);
            kind = StorageFailure.ReadFailed;
            Hash(piece);
            IsGood = IsLast && piece.Hasher.Matches();
        }
        catch (Exception e)
        {
            // The edge of the disk thread: whatever a storage throws becomes the failure of this piece.
            piece.HasFailed = true;
            Failure = StorageException.From(e, kind);
            _gather.Clear();
        }
    }

    /// <inheritdoc/>
    public override void Run() => writer.OnWritten(this);

    private void WriteRuns(int piece)
    {
        ReadOnlySpan<BlockBuffer> buffers = CollectionsMarshal.AsSpan(_buffers);
        for (int first = 0; first < buffers.Length;)
        {
            int end = first + 1;
            while (end < buffers.Length && _blocks[end] == _blocks[end - 1] + 1)
                end++;
            store.Files.Write(piece, _blocks[first] * BlockRequest.BlockSize, buffers[first..end], _gather);
            first = end;
        }
    }

    private void Hash(PieceInProgress piece)
    {
        for (int i = 0; i < _buffers.Count; i++)
            piece.Hasher.AddLeaf(_blocks[i], _buffers[i].Filled.Span);

        if (!piece.Hasher.NeedsV1)
            return;
        int next = 0;
        for (int block = HashFrom; block < HashTo;)
        {
            if (next < _blocks.Count && _blocks[next] == block)
            {
                piece.Hasher.AppendV1(_buffers[next++].Filled.Span);
                block++;
                continue;
            }

            int end = next < _blocks.Count ? Math.Min(HashTo, _blocks[next]) : HashTo;
            end = Math.Min(end, block + BlocksPerRead);
            HashWritten(piece, block, end);
            block = end;
        }

        if (IsLast)
            piece.Hasher.AppendZerosV1(piece.PaddingLength);
    }

    /// <summary>Hashes blocks that were written before their turn; the only bytes that are read again.</summary>
    private void HashWritten(PieceInProgress piece, int block, int end)
    {
        int offset = block * BlockRequest.BlockSize;
        int length = Math.Min(piece.Length, end * BlockRequest.BlockSize) - offset;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (!store.Files.TryRead(piece.Piece, offset, buffer.AsSpan(0, length)))
                throw new StorageException(StorageFailure.NotFound, path: null, $"Piece {piece.Piece} is not there any more after it was written: a file was cut or removed.");
            piece.Hasher.AppendV1(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
