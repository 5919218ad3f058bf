namespace OurTorrent.Bencoding;

/// <summary>
/// A byte string (BEP 3): text in UTF-8 by custom, but it may be any bytes. Also the key of a dictionary; keys are ordered by
/// their bytes. Never changes.
/// </summary>
public sealed class BencodeString : BencodeValue, IComparable<BencodeString>, IEquatable<BencodeString>
{
    private readonly byte[] _bytes;

    /// <summary>Copies bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public BencodeString(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>Takes text as UTF-8.</summary>
    /// <param name="text">The text; a lone surrogate becomes the replacement character U+FFFD.</param>
    public BencodeString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _bytes = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>How many bytes there are.</summary>
    public int Length => _bytes.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes read as UTF-8; what is not UTF-8 becomes the replacement character U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(_bytes);

    /// <inheritdoc/>
    public override BencodeValueKind Kind => BencodeValueKind.String;

    /// <summary>Takes text as a byte string in UTF-8.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator BencodeString(string text) => new(text);

    /// <summary>Copies bytes, for example those of <c>"info"u8</c>.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator BencodeString(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Copies bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator BencodeString(byte[] bytes) => new(bytes);

    /// <summary>Whether both are the same bytes.</summary>
    /// <param name="left">One string.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(BencodeString? left, BencodeString? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    /// <param name="left">One string.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(BencodeString? left, BencodeString? right) => !(left == right);

    /// <summary>Whether the left one sorts before the right one.</summary>
    /// <param name="left">One string.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(BencodeString? left, BencodeString? right) => Compare(left, right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    /// <param name="left">One string.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(BencodeString? left, BencodeString? right) => Compare(left, right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    /// <param name="left">One string.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(BencodeString? left, BencodeString? right) => Compare(left, right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    /// <param name="left">One string.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(BencodeString? left, BencodeString? right) => Compare(left, right) >= 0;

    /// <summary>Orders by the bytes, as the keys of a dictionary are; a string sorts before those it begins.</summary>
    /// <param name="other">The other string; nothing sorts before it all.</param>
    public int CompareTo(BencodeString? other) => other is null ? 1 : Span.SequenceCompareTo(other.Span);

    /// <summary>Whether both are the same bytes.</summary>
    /// <param name="other">The other string.</param>
    public bool Equals(BencodeString? other) => other is not null && other.Span.SequenceEqual(_bytes);

    /// <inheritdoc/>
    public override bool Equals(BencodeValue? other) => Equals(other as BencodeString);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BencodeString);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override void WriteTo(BencodeWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString(Span);
    }

    private static int Compare(BencodeString? left, BencodeString? right) =>
        left is null ? (right is null ? 0 : -1) : left.CompareTo(right);
}
