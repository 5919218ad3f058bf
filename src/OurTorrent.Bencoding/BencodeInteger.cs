namespace OurTorrent.Bencoding;

/// <summary>An integer (BEP 3). Never changes.</summary>
public sealed class BencodeInteger : BencodeValue
{
    /// <summary>Creates the value.</summary>
    /// <param name="value">The integer.</param>
    public BencodeInteger(long value) => Value = value;

    /// <summary>The integer.</summary>
    public long Value { get; }

    /// <inheritdoc/>
    public override BencodeValueKind Kind => BencodeValueKind.Integer;

    /// <inheritdoc/>
    public override bool Equals(BencodeValue? other) => other is BencodeInteger integer && integer.Value == Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public override void WriteTo(BencodeWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInteger(Value);
    }
}
