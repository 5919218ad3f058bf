namespace OurTorrent.Bencoding;

/// <summary>
/// A bencoded value held in memory (BEP 3): an integer, a byte string, a list or a dictionary. Values are compared by what they
/// hold; lists and dictionaries can be changed.
/// </summary>
/// <remarks>
/// For a document read once, or on a hot path, <see cref="BencodeReader"/> costs less. Not safe for use by several threads while
/// one of them changes it.
/// </remarks>
public abstract partial class BencodeValue : IEquatable<BencodeValue>
{
    private protected BencodeValue()
    {
    }

    /// <summary>Which of the four kinds this is.</summary>
    public abstract BencodeValueKind Kind { get; }

    /// <summary>An element of a list.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <exception cref="InvalidOperationException">The value is not a list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such place.</exception>
    public virtual BencodeValue this[int index]
    {
        get => throw IsNot(BencodeValueKind.List);
        set => throw IsNot(BencodeValueKind.List);
    }

    /// <summary>The value of a dictionary's key; setting inserts the key, or puts a new value in place of its old one.</summary>
    /// <param name="key">The key. Text is taken as UTF-8.</param>
    /// <exception cref="InvalidOperationException">The value is not a dictionary.</exception>
    /// <exception cref="KeyNotFoundException">The dictionary does not have the key.</exception>
    public virtual BencodeValue this[BencodeString key]
    {
        get => throw IsNot(BencodeValueKind.Dictionary);
        set => throw IsNot(BencodeValueKind.Dictionary);
    }

    /// <summary>Takes an integer as a value.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator BencodeValue(long value) => new BencodeInteger(value);

    /// <summary>Takes text as a byte string in UTF-8.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator BencodeValue(string value) => new BencodeString(value);

    /// <summary>Takes a copy of bytes as a byte string.</summary>
    /// <param name="value">The bytes.</param>
    public static implicit operator BencodeValue(byte[] value) => new BencodeString(value);

    /// <summary>Takes a copy of bytes as a byte string.</summary>
    /// <param name="value">The bytes.</param>
    public static implicit operator BencodeValue(ReadOnlySpan<byte> value) => new BencodeString(value);

    /// <summary>The integer that the value is.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="InvalidCastException">The value is not an integer.</exception>
    public static explicit operator long(BencodeValue value) =>
        value is BencodeInteger integer ? integer.Value : throw CannotCast(value, BencodeValueKind.Integer);

    /// <summary>The byte string that the value is, read as UTF-8; null stays null.</summary>
    /// <param name="value">The value, perhaps as <see cref="Find"/> gave it.</param>
    /// <exception cref="InvalidCastException">The value is not a byte string.</exception>
    [return: NotNullIfNotNull(nameof(value))]
    public static explicit operator string?(BencodeValue? value) => value switch
    {
        null => null,
        BencodeString text => text.Text,
        _ => throw CannotCast(value, BencodeValueKind.String),
    };

    /// <summary>A copy of the byte string that the value is; null stays null.</summary>
    /// <param name="value">The value, perhaps as <see cref="Find"/> gave it.</param>
    /// <exception cref="InvalidCastException">The value is not a byte string.</exception>
    [return: NotNullIfNotNull(nameof(value))]
    public static explicit operator byte[]?(BencodeValue? value) => value switch
    {
        null => null,
        BencodeString text => text.Span.ToArray(),
        _ => throw CannotCast(value, BencodeValueKind.String),
    };

    /// <summary>Whether both hold the same.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(BencodeValue? left, BencodeValue? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(BencodeValue? left, BencodeValue? right) => !(left == right);

    /// <summary>Looks for a key.</summary>
    /// <param name="key">The key. Text is taken as UTF-8.</param>
    /// <returns>
    /// Its value; <see langword="null"/> where there is none, or where this is not a dictionary. So a path can be followed with
    /// <c>?.</c> through a document of unknown shape.
    /// </returns>
    public virtual BencodeValue? Find(BencodeString key) => null;

    /// <summary>Whether the other value is of the same kind and holds the same.</summary>
    /// <param name="other">The other value.</param>
    public abstract bool Equals(BencodeValue? other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BencodeValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>
    /// The value for a person to read, on one line: much like JSON, bytes that are no text as hexadecimal digits, long strings
    /// and documents shortened.
    /// </summary>
    public sealed override string ToString() => BencodeText.Describe(this);

    private static InvalidCastException CannotCast(BencodeValue? value, BencodeValueKind wanted) =>
        new($"The value is {value?.Kind.ToString() ?? "null"}, not {wanted}.");

    private InvalidOperationException IsNot(BencodeValueKind wanted) => new($"The value is {Kind}, not {wanted}.");
}
