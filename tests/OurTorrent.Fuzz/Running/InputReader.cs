namespace OurTorrent.Fuzz.Running;

/// <summary>Takes an input apart that is a script: what is read beyond its end is zero.</summary>
internal sealed class InputReader(byte[] input)
{
    private int _at;

    /// <summary>Whether everything has been read.</summary>
    public bool IsAtEnd => _at >= input.Length;

    /// <summary>The next byte.</summary>
    public byte Byte() => IsAtEnd ? (byte)0 : input[_at++];

    /// <summary>The next bytes, as far as there are any.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        int start = Math.Min(_at, input.Length);
        _at = Math.Min(start + count, input.Length);
        return input.AsSpan(start, _at - start);
    }

    /// <summary>As many bytes as the next one says.</summary>
    public ReadOnlySpan<byte> Counted() => Bytes(Byte());

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Bytes(input.Length);
}
