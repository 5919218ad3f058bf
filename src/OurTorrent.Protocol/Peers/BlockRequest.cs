namespace OurTorrent.Protocol.Peers;

/// <summary>A request for one block of a piece, as in <c>request</c>, <c>cancel</c> and <c>reject</c> (BEP 3, BEP 6).</summary>
/// <param name="Piece">The index of the piece.</param>
/// <param name="Offset">Where the block begins in the piece, in bytes.</param>
/// <param name="Length">The length of the block in bytes; 16 KiB, or less at the end of the content.</param>
public readonly record struct BlockRequest(int Piece, int Offset, int Length)
{
    /// <summary>The length of the body on the wire, in bytes.</summary>
    public const int WireLength = 12;

    /// <summary>The block size that every client uses, in bytes.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>Reads the body of a message.</summary>
    /// <param name="body">The body, after the message id.</param>
    /// <param name="request">The request read.</param>
    /// <returns>Whether the body has the right length and no negative field.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out BlockRequest request)
    {
        request = default;
        if (body.Length != WireLength)
            return false;

        request = new(
            BinaryPrimitives.ReadInt32BigEndian(body),
            BinaryPrimitives.ReadInt32BigEndian(body[4..]),
            BinaryPrimitives.ReadInt32BigEndian(body[8..]));
        return request is { Piece: >= 0, Offset: >= 0, Length: > 0 };
    }

    /// <summary>Writes the body of a message.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, Piece);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], Offset);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], Length);
    }
}
