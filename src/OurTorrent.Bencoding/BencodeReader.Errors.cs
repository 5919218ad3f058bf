namespace OurTorrent.Bencoding;

/// <content>Mistakes are kept as a reason and an offset; the words are put together only when somebody asks.</content>
public ref partial struct BencodeReader
{
    /// <summary>What is wrong with the bytes; its reason is <see cref="BencodeErrorReason.None"/> while nothing is.</summary>
    public readonly BencodeError Error =>
        _reason == BencodeErrorReason.None ? default : new(_reason, _errorOffset, DescribeExpected(), DescribeFound());

    private BencodeReadStatus Fail(BencodeErrorReason reason, int offset, string? expected = null)
    {
        _reason = reason;
        _errorOffset = offset;
        _expected = expected;
        TokenType = BencodeTokenType.None;
        return BencodeReadStatus.Invalid;
    }

    private bool Refuse(BencodeErrorReason reason, int offset, string? expected = null)
    {
        Fail(reason, offset, expected);
        return false;
    }

    private readonly string ExpectedHere()
    {
        if (IsKeyNext)
            return "a key or the 'e' that ends the dictionary";

        if (_afterKey)
            return "the key's value";

        return _open == 0 ? "a value ('i', 'l', 'd' or a digit)" : "a value or the 'e' that ends the list";
    }

    private readonly string DescribeExpected() => _reason switch
    {
        BencodeErrorReason.UnexpectedEnd when _missingString => $"the {ClaimedLength()} bytes of a string",
        BencodeErrorReason.LeadingZero => "a number without leading zeros",
        BencodeErrorReason.NegativeZero => "zero without a sign",
        BencodeErrorReason.IntegerOverflow => "an integer of 64 bits",
        BencodeErrorReason.UnsortedKey => $"a key that sorts after {BencodeText.Quote(KeyAt(_frames[_open - 1]))}",
        BencodeErrorReason.DuplicateKey => "each key once",
        BencodeErrorReason.TooDeep => string.Create(
            CultureInfo.InvariantCulture, $"at most {_options.MaxDepth} lists and dictionaries within each other"),
        BencodeErrorReason.TrailingBytes => "the end of the input",
        _ => _expected ?? "a value",
    };

    private readonly string DescribeFound()
    {
        switch (_reason)
        {
            case BencodeErrorReason.UnexpectedEnd when _missingString:
                return string.Create(CultureInfo.InvariantCulture, $"{_data.Length - _errorOffset} before the end of the input");
            case BencodeErrorReason.UnexpectedEnd:
                return "the end of the input";
            case BencodeErrorReason.LeadingZero or BencodeErrorReason.NegativeZero or BencodeErrorReason.IntegerOverflow:
                return BencodeText.Quote(NumberAt(_errorOffset));
            case BencodeErrorReason.UnsortedKey or BencodeErrorReason.DuplicateKey:
                return BencodeText.Quote(_data.Slice(_valueStart, _valueLength));
            case BencodeErrorReason.TooDeep:
                return "one more";
            case BencodeErrorReason.TrailingBytes:
                return string.Create(CultureInfo.InvariantCulture, $"{_data.Length - _errorOffset} more bytes");
            default:
                return BencodeText.Quote(_data.Slice(_errorOffset, 1));
        }
    }

    // The length is named as written: it may be longer than any integer.
    private readonly string ClaimedLength()
    {
        ReadOnlySpan<byte> digits = _data[TokenStart..(_errorOffset - 1)];
        return digits.Length <= 20 ? Encoding.ASCII.GetString(digits) : $"{Encoding.ASCII.GetString(digits[..20])}...";
    }

    // From the 'i' or the first digit up to the first byte that is no part of a number.
    private readonly ReadOnlySpan<byte> NumberAt(int offset)
    {
        int end = offset + 1;
        while (end < _data.Length && (char.IsAsciiDigit((char)_data[end]) || _data[end] is (byte)'-' or (byte)'e' or (byte)':'))
        {
            if (_data[end++] is (byte)'e' or (byte)':')
                break;
        }

        return _data[offset..end];
    }
}
