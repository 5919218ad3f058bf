namespace OurTorrent.Simulation.Network;

/// <summary>Bytes of a stream that travel together, in memory that is used again. Two sizes: what programs say to each other, and a block with its header.</summary>
internal sealed class Segment
{
    /// <summary>The most bytes in one segment.</summary>
    public const int MaxLength = (16 * 1024) + 64;

    /// <summary>The most bytes in a small one.</summary>
    public const int SmallLength = 512;

    private readonly byte[] _bytes;
    private int _start;
    private int _end;

    public Segment(bool isSmall) => _bytes = new byte[isSmall ? SmallLength : MaxLength];

    public bool IsSmall => _bytes.Length == SmallLength;

    public int Length => _end - _start;

    public int Room => _bytes.Length - _end;

    /// <summary>Begins anew, empty.</summary>
    public void Clear() => _start = _end = 0;

    /// <summary>Puts bytes behind those that are there; there must be room.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes bytes from the front.</summary>
    public int Take(Span<byte> destination)
    {
        int count = Math.Min(Length, destination.Length);
        _bytes.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }

    /// <summary>Moves bytes from the front into another.</summary>
    public void MoveTo(Segment other, int count)
    {
        other.Append(_bytes.AsSpan(_start, count));
        _start += count;
    }
}
