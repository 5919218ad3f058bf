using System.Runtime.CompilerServices;

namespace OurTorrent.Protocol;

/// <summary>
/// The 20 bytes that name a swarm on the wire: the SHA-1 of a v1 info dictionary (BEP 3), or the first 20 bytes of a
/// v2 info-hash (BEP 52).
/// </summary>
public readonly struct InfoHash : IEquatable<InfoHash>, IComparable<InfoHash>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 20;

    private readonly Bytes _bytes;

    /// <summary>Copies an info-hash.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public InfoHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"An info-hash is {Length} bytes; {bytes.Length} were given.", nameof(bytes));

        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes, in wire order.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Reads 40 hexadecimal digits.</summary>
    /// <param name="hex">The digits, of either case.</param>
    /// <param name="infoHash">The info-hash read.</param>
    /// <returns>Whether the text was 40 hexadecimal digits.</returns>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out InfoHash infoHash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (hex.Length != Length * 2 || Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
        {
            infoHash = default;
            return false;
        }

        infoHash = new InfoHash(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(InfoHash other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InfoHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Span);

    /// <inheritdoc/>
    public int CompareTo(InfoHash other) => Span.SequenceCompareTo(other.Span);

    /// <summary>The 40 hexadecimal digits, in lower case.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>Whether both name the same swarm.</summary>
    public static bool operator ==(InfoHash left, InfoHash right) => left.Equals(right);

    /// <summary>Whether they name different swarms.</summary>
    public static bool operator !=(InfoHash left, InfoHash right) => !left.Equals(right);

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(InfoHash left, InfoHash right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(InfoHash left, InfoHash right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(InfoHash left, InfoHash right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(InfoHash left, InfoHash right) => left.CompareTo(right) >= 0;

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
