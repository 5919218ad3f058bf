using System.Runtime.CompilerServices;

namespace OurTorrent.Protocol;

/// <summary>The 20 bytes by which a client names itself in one session (BEP 3, BEP 20).</summary>
public readonly struct PeerId : IEquatable<PeerId>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 20;

    private readonly Bytes _bytes;

    /// <summary>Copies a peer id.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public PeerId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A peer id is {Length} bytes; {bytes.Length} were given.", nameof(bytes));

        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes, in wire order.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <inheritdoc/>
    public bool Equals(PeerId other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        BinaryPrimitives.ReadInt64LittleEndian(Span), BinaryPrimitives.ReadInt64LittleEndian(Span[12..]));

    /// <summary>The bytes as text: printable ASCII as it is, anything else percent-encoded.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Length);
        foreach (byte value in Span)
        {
            if (value is > 0x20 and < 0x7f and not (byte)'%')
                text.Append((char)value);
            else
                text.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Whether both are the same id.</summary>
    public static bool operator ==(PeerId left, PeerId right) => left.Equals(right);

    /// <summary>Whether they are different ids.</summary>
    public static bool operator !=(PeerId left, PeerId right) => !left.Equals(right);

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
