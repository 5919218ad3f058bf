using System.Numerics;

namespace OurTorrent.Protocol.Peers;

/// <summary>A set of piece indices, in the bit order of the <c>bitfield</c> message: the high bit of the first byte is piece 0 (BEP 3).</summary>
public sealed class Bitfield
{
    private readonly byte[] _bytes;

    /// <summary>Makes an empty set.</summary>
    /// <param name="length">The number of pieces of the torrent.</param>
    public Bitfield(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _bytes = new byte[WireLengthOf(length)];
    }

    /// <summary>The number of pieces of the torrent.</summary>
    public int Length { get; }

    /// <summary>How many pieces are in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every piece is in the set.</summary>
    public bool IsFull => Count == Length;

    /// <summary>Whether no piece is in the set.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>The body of the <c>bitfield</c> message.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Whether a piece is in the set.</summary>
    /// <param name="piece">The index of the piece, below <see cref="Length"/>.</param>
    public bool this[int piece]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece, (uint)Length, nameof(piece));
            return (_bytes[piece >> 3] & (0x80 >> (piece & 7))) != 0;
        }
    }

    /// <summary>The length in bytes of the body of a <c>bitfield</c> message.</summary>
    /// <param name="length">The number of pieces.</param>
    public static int WireLengthOf(int length) => (length + 7) >> 3;

    /// <summary>Reads the body of a <c>bitfield</c> message.</summary>
    /// <param name="body">The body, after the message id.</param>
    /// <param name="length">The number of pieces of the torrent.</param>
    /// <param name="bitfield">The set read.</param>
    /// <returns>Whether the body has the right length and its spare bits are clear, as BEP 3 demands.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, int length, [NotNullWhen(true)] out Bitfield? bitfield)
    {
        bitfield = null;
        if (body.Length != WireLengthOf(length))
            return false;

        if ((length & 7) != 0 && (body[^1] & (0xff >> (length & 7))) != 0)
            return false;

        bitfield = new Bitfield(length);
        body.CopyTo(bitfield._bytes);
        int count = 0;
        foreach (byte value in body)
            count += BitOperations.PopCount(value);
        bitfield.Count = count;
        return true;
    }

    /// <summary>Adds a piece.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <returns>Whether it was not in the set before.</returns>
    public bool Add(int piece)
    {
        if (this[piece])
            return false;

        _bytes[piece >> 3] |= (byte)(0x80 >> (piece & 7));
        Count++;
        return true;
    }

    /// <summary>Takes a piece out.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <returns>Whether it was in the set before.</returns>
    public bool Remove(int piece)
    {
        if (!this[piece])
            return false;

        _bytes[piece >> 3] &= (byte)~(0x80 >> (piece & 7));
        Count--;
        return true;
    }

    /// <summary>Puts every piece into the set.</summary>
    public void Fill()
    {
        _bytes.AsSpan().Fill(0xff);
        if ((Length & 7) != 0)
            _bytes[^1] = (byte)(0xff << (8 - (Length & 7)));
        Count = Length;
    }

    /// <summary>Takes every piece out of the set.</summary>
    public void Clear()
    {
        _bytes.AsSpan().Clear();
        Count = 0;
    }

    /// <summary>A copy that changes on its own.</summary>
    public Bitfield Clone()
    {
        var copy = new Bitfield(Length) { Count = Count };
        _bytes.CopyTo(copy._bytes, 0);
        return copy;
    }
}
