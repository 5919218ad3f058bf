using System.Runtime.CompilerServices;

namespace OurTorrent.Protocol;

/// <summary>The SHA-256 of a v2 info dictionary (BEP 52).</summary>
public readonly struct InfoHashV2 : IEquatable<InfoHashV2>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 32;

    private readonly Bytes _bytes;

    /// <summary>Copies an info-hash.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public InfoHashV2(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A v2 info-hash is {Length} bytes; {bytes.Length} were given.", nameof(bytes));

        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes, in wire order.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The form used in handshakes and announces: the first 20 bytes (BEP 52).</summary>
    public InfoHash Truncate() => new(Span[..InfoHash.Length]);

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <param name="hex">The digits, of either case.</param>
    /// <param name="infoHash">The info-hash read.</param>
    /// <returns>Whether the text was 64 hexadecimal digits.</returns>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out InfoHashV2 infoHash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (hex.Length != Length * 2 || Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
        {
            infoHash = default;
            return false;
        }

        infoHash = new InfoHashV2(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(InfoHashV2 other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InfoHashV2 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Span);

    /// <summary>The 64 hexadecimal digits, in lower case.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>Whether both are the same hash.</summary>
    public static bool operator ==(InfoHashV2 left, InfoHashV2 right) => left.Equals(right);

    /// <summary>Whether they are different hashes.</summary>
    public static bool operator !=(InfoHashV2 left, InfoHashV2 right) => !left.Equals(right);

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
