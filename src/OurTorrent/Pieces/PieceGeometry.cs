using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

/// <summary>How the content of a torrent is cut into pieces, and pieces into blocks of 16 KiB (BEP 3, BEP 52).</summary>
internal sealed class PieceGeometry
{
    private readonly int[]? _lengths;
    private readonly int _lastLength;

    /// <summary>Content without gaps: every piece has the same length, except that the last may be shorter (BEP 3).</summary>
    /// <param name="totalLength">The length of the content in bytes.</param>
    /// <param name="pieceLength">The length of a piece in bytes.</param>
    public PieceGeometry(long totalLength, int pieceLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceLength);
        PieceLength = pieceLength;
        TotalLength = totalLength;
        PieceCount = checked((int)((totalLength / pieceLength) + (totalLength % pieceLength == 0 ? 0 : 1)));
        _lastLength = PieceCount == 0 ? 0 : (int)(totalLength - ((PieceCount - 1L) * pieceLength));
    }

    /// <summary>Content whose pieces end with each file, so that any of them may be short (BEP 52).</summary>
    /// <param name="pieceLength">The length of a whole piece in bytes.</param>
    /// <param name="lengths">The length of each piece in bytes; kept, not copied.</param>
    public PieceGeometry(int pieceLength, int[] lengths)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceLength);
        PieceLength = pieceLength;
        PieceCount = lengths.Length;
        _lengths = lengths;
        foreach (int length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(lengths));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, pieceLength, nameof(lengths));
            TotalLength += length;
        }
    }

    /// <summary>How many pieces there are.</summary>
    public int PieceCount { get; }

    /// <summary>The length of a whole piece in bytes.</summary>
    public int PieceLength { get; }

    /// <summary>The length of all pieces together in bytes.</summary>
    public long TotalLength { get; }

    /// <summary>
    /// Where in a piece the padding begins that it ends with (BEP 47), given the index of the piece and its length; null where
    /// there is no padding. Blocks that are nothing but padding are known, and neither counted nor asked for. One that is
    /// partly padding is asked for whole: not every peer answers a request that ends in the middle of its block.
    /// </summary>
    public Func<int, int, int>? ContentEnd { get; init; }

    /// <summary>The length of a piece in bytes.</summary>
    public int LengthOf(int piece)
    {
        if (_lengths is not null)
            return _lengths[piece];

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece, (uint)PieceCount, nameof(piece));
        return piece == PieceCount - 1 ? _lastLength : PieceLength;
    }

    /// <summary>How many blocks of a piece are to be fetched: all, but for those at its end that are nothing but padding.</summary>
    public int BlockCountOf(int piece)
    {
        int length = LengthOf(piece);
        if (ContentEnd is { } contentEnd)
            length = contentEnd(piece, length);
        return (int)(((uint)length + BlockRequest.BlockSize - 1) / BlockRequest.BlockSize);
    }

    /// <summary>The length of those blocks together in bytes.</summary>
    public int FetchedLengthOf(int piece) =>
        (int)Math.Min(LengthOf(piece), (long)BlockCountOf(piece) * BlockRequest.BlockSize);

    /// <summary>The length of a block in bytes: 16 KiB, or what is left at the end of the piece.</summary>
    public int BlockLengthOf(int piece, int block)
    {
        int left = LengthOf(piece) - (block * BlockRequest.BlockSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(left, nameof(block));
        return Math.Min(left, BlockRequest.BlockSize);
    }

    /// <summary>The request for a block.</summary>
    public BlockRequest RequestOf(int piece, int block) =>
        new(piece, block * BlockRequest.BlockSize, BlockLengthOf(piece, block));

    /// <summary>The block a request, or the answer to one, is about.</summary>
    /// <returns>Whether it is about exactly one of our blocks.</returns>
    public bool TryGetBlock(BlockRequest request, out int block)
    {
        block = 0;
        if ((uint)request.Piece >= (uint)PieceCount || request.Offset < 0 || request.Offset % BlockRequest.BlockSize != 0
            || request.Offset >= LengthOf(request.Piece))
        {
            return false;
        }

        block = request.Offset / BlockRequest.BlockSize;
        return request.Length == BlockLengthOf(request.Piece, block) && (ContentEnd is null || block < BlockCountOf(request.Piece));
    }

    /// <summary>
    /// Whether a request of another peer lies within its piece and asks for no more than the limit of the field. Where pieces
    /// end with their files (BEP 52) it may reach into the gap that follows: libtorrent asks for whole blocks there.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The longest block to answer with, in bytes.</param>
    public bool Contains(BlockRequest request, int limit = 128 * 1024) =>
        (uint)request.Piece < (uint)PieceCount && request.Offset >= 0 && request.Length > 0 && request.Length <= limit
        && request.Offset < LengthOf(request.Piece)
        && request.Offset <= (_lengths is null ? LengthOf(request.Piece) : PieceLength) - request.Length;
}
