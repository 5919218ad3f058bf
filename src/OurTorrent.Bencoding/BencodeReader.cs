namespace OurTorrent.Bencoding;

/// <summary>
/// Reads one bencoded value (BEP 3) token by token, forward only, over bytes held in memory. Allocates nothing; costs time in
/// proportion to the input, whatever the input says.
/// </summary>
/// <remarks>
/// Two ways to read: <see cref="Read"/> throws on malformed bytes, <see cref="TryRead"/> answers with a status. Pass the reader
/// by <c>ref</c>: a copy reads on by itself.
/// </remarks>
public ref partial struct BencodeReader
{
    // A frame is one open container: a list, a dictionary before its first key, or the offset at which the last key's token
    // starts. No key starts at 0, because a dictionary's 'd' comes before it.
    private const int ListFrame = -1;
    private const int EmptyDictionaryFrame = 0;

    private readonly ReadOnlySpan<byte> _data;
    private readonly BencodeReaderOptions _options;
    private Frames _frames;
    private int _open;
    private int _position;
    private int _valueStart;
    private int _valueLength;
    private long _integer;
    private bool _afterKey;
    private bool _complete;
    private bool _missingString;
    private BencodeErrorReason _reason;
    private int _errorOffset;
    private string? _expected;

    /// <summary>Prepares to read; nothing is read yet.</summary>
    /// <param name="data">The bytes, which must not change while they are read.</param>
    /// <param name="options">How exact the bytes must be; strict unless given.</param>
    public BencodeReader(ReadOnlySpan<byte> data, BencodeReaderOptions options = default)
    {
        _data = data;
        _options = options;
    }

    /// <summary>What the reader stands on.</summary>
    public BencodeTokenType TokenType { readonly get; private set; }

    /// <summary>Where the current token starts, in bytes from the start of the input.</summary>
    public int TokenStart { readonly get; private set; }

    /// <summary>
    /// How many bytes have been read: the offset just behind the current token. After the whole value, the offset of what
    /// follows it.
    /// </summary>
    public readonly int BytesConsumed => _position;

    /// <summary>
    /// How many lists and dictionaries the current token is within. A container's start and end have the same depth, its
    /// contents one more.
    /// </summary>
    public readonly int Depth =>
        TokenType is BencodeTokenType.StartList or BencodeTokenType.StartDictionary ? _open - 1 : _open;

    /// <summary>The bytes of the current string or key; empty on any other token.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan =>
        TokenType is BencodeTokenType.String or BencodeTokenType.Key ? _data.Slice(_valueStart, _valueLength) : default;

    /// <summary>Moves to the next token.</summary>
    /// <returns>Whether there was one; <see langword="false"/> once the value has been read whole.</returns>
    /// <exception cref="BencodeException">The bytes are malformed.</exception>
    public bool Read()
    {
        BencodeReadStatus status = TryRead();
        if (status == BencodeReadStatus.Invalid)
            throw new BencodeException(Error);

        return status == BencodeReadStatus.Token;
    }

    /// <summary>
    /// Moves to the next token; never throws. Bytes after the value are reported in place of its last token, so nobody takes a
    /// value for good and misses them.
    /// </summary>
    /// <returns>Whether the reader stands on a token, has read everything, or has met a mistake. A mistake stays.</returns>
    public BencodeReadStatus TryRead()
    {
        if (_reason != BencodeErrorReason.None)
            return BencodeReadStatus.Invalid;

        if (_complete)
            return BencodeReadStatus.End;

        TokenStart = _position;
        if (_position >= _data.Length)
            return Fail(BencodeErrorReason.UnexpectedEnd, _position, ExpectedHere());

        bool read = IsKeyNext ? ReadKeyOrEnd(_data[_position]) : ReadValue(_data[_position]);
        return read ? BencodeReadStatus.Token : BencodeReadStatus.Invalid;
    }

    /// <summary>The current integer.</summary>
    /// <exception cref="InvalidOperationException">The current token is not an integer.</exception>
    public readonly long GetInt64() =>
        TokenType == BencodeTokenType.Integer
            ? _integer
            : throw new InvalidOperationException($"The reader stands on {TokenType}, not on {nameof(BencodeTokenType.Integer)}.");

    /// <summary>The current token as an integer of 64 bits.</summary>
    /// <param name="value">The integer.</param>
    /// <returns>Whether the current token is an integer.</returns>
    public readonly bool TryGetInt64(out long value)
    {
        bool isInteger = TokenType == BencodeTokenType.Integer;
        value = isInteger ? _integer : 0;
        return isInteger;
    }

    /// <summary>The current token as an integer of 32 bits.</summary>
    /// <param name="value">The integer.</param>
    /// <returns>Whether the current token is an integer that fits.</returns>
    public readonly bool TryGetInt32(out int value)
    {
        bool fits = TokenType == BencodeTokenType.Integer && _integer == (int)_integer;
        value = fits ? (int)_integer : 0;
        return fits;
    }

    /// <summary>The current string or key read as UTF-8; what is not UTF-8 becomes the replacement character U+FFFD.</summary>
    /// <exception cref="InvalidOperationException">The current token is neither a string nor a key.</exception>
    public readonly string GetString() =>
        TokenType is BencodeTokenType.String or BencodeTokenType.Key
            ? Encoding.UTF8.GetString(ValueSpan)
            : throw new InvalidOperationException($"The reader stands on {TokenType}, not on a string or a key.");

    /// <summary>Whether the current token is a string or a key with exactly these bytes.</summary>
    /// <param name="bytes">The bytes to compare with, for example <c>"info"u8</c>.</param>
    public readonly bool ValueEquals(ReadOnlySpan<byte> bytes) =>
        TokenType is BencodeTokenType.String or BencodeTokenType.Key && ValueSpan.SequenceEqual(bytes);

    /// <summary>
    /// Moves to the last token of the current value. On a key, or before the first token, moves to the value that comes next
    /// and to its last token.
    /// </summary>
    /// <exception cref="BencodeException">The bytes are malformed.</exception>
    public void Skip()
    {
        if (!TrySkip())
            throw new BencodeException(Error);
    }

    /// <summary>As <see cref="Skip"/>, but never throws.</summary>
    /// <returns>Whether the bytes passed over were well formed.</returns>
    public bool TrySkip()
    {
        if (TokenType is BencodeTokenType.None or BencodeTokenType.Key && TryRead() != BencodeReadStatus.Token)
            return false;

        if (TokenType is not (BencodeTokenType.StartList or BencodeTokenType.StartDictionary))
            return true;

        int outside = _open - 1;
        while (_open > outside)
        {
            if (TryRead() != BencodeReadStatus.Token)
                return false;
        }

        return true;
    }

    /// <summary>
    /// Takes the current value, or after a key the key's value, as the bytes it was read from, and moves to its last token. An
    /// info-hash is taken over these bytes: encoding the value again might give others.
    /// </summary>
    /// <param name="raw">The value's own bytes, from its first to its last.</param>
    /// <returns>Whether there was a well-formed value; <see langword="false"/> also on the end of a list or dictionary.</returns>
    public bool TryReadRawValue(out ReadOnlySpan<byte> raw)
    {
        raw = default;
        if (TokenType is BencodeTokenType.None or BencodeTokenType.Key && TryRead() != BencodeReadStatus.Token)
            return false;

        if (TokenType is BencodeTokenType.EndList or BencodeTokenType.EndDictionary)
            return false;

        int start = TokenStart;
        if (!TrySkip())
            return false;

        raw = _data[start.._position];
        return true;
    }

    private readonly bool IsKeyNext => _open > 0 && !_afterKey && _frames[_open - 1] != ListFrame;

    private bool ReadKeyOrEnd(byte first)
    {
        if (first == (byte)'e')
            return Close(BencodeTokenType.EndDictionary);

        if (!char.IsAsciiDigit((char)first))
            return Refuse(BencodeErrorReason.KeyNotString, _position, ExpectedHere());

        int previous = _frames[_open - 1];
        if (!ReadString())
            return false;

        if (previous != EmptyDictionaryFrame && !_options.AllowUnorderedKeys)
        {
            int order = KeyAt(previous).SequenceCompareTo(_data.Slice(_valueStart, _valueLength));
            if (order >= 0)
                return Refuse(order == 0 ? BencodeErrorReason.DuplicateKey : BencodeErrorReason.UnsortedKey, TokenStart);
        }

        _frames[_open - 1] = TokenStart;
        _afterKey = true;
        TokenType = BencodeTokenType.Key;
        return true;
    }

    private bool ReadValue(byte first)
    {
        switch (first)
        {
            case (byte)'i':
                return ReadInteger() && Complete(BencodeTokenType.Integer);
            case >= (byte)'0' and <= (byte)'9':
                return ReadString() && Complete(BencodeTokenType.String);
            case (byte)'l':
                return Open(ListFrame, BencodeTokenType.StartList);
            case (byte)'d':
                return Open(EmptyDictionaryFrame, BencodeTokenType.StartDictionary);
            case (byte)'e' when _afterKey:
                return Refuse(BencodeErrorReason.MissingValue, _position, ExpectedHere());
            case (byte)'e' when _open > 0:
                return Close(BencodeTokenType.EndList);
            default:
                return Refuse(BencodeErrorReason.UnexpectedByte, _position, ExpectedHere());
        }
    }

    private bool Open(int frame, BencodeTokenType token)
    {
        if (_open >= _options.MaxDepth)
            return Refuse(BencodeErrorReason.TooDeep, _position);

        _frames[_open++] = frame;
        _position++;
        _afterKey = false;
        TokenType = token;
        return true;
    }

    private bool Close(BencodeTokenType token)
    {
        _open--;
        _position++;
        return Complete(token);
    }

    private bool Complete(BencodeTokenType token)
    {
        _afterKey = false;
        if (_open == 0)
        {
            if (_position < _data.Length && !_options.AllowTrailing)
                return Refuse(BencodeErrorReason.TrailingBytes, _position);

            _complete = true;
        }

        TokenType = token;
        return true;
    }

    private bool ReadInteger()
    {
        const string DigitOrEnd = "a digit or the 'e' that ends the integer";
        int position = _position + 1;
        bool negative = position < _data.Length && _data[position] == (byte)'-';
        if (negative)
            position++;

        int digits = position;
        ulong limit = negative ? 1UL << 63 : long.MaxValue;
        ulong magnitude = 0;
        for (; position < _data.Length && char.IsAsciiDigit((char)_data[position]); position++)
        {
            // magnitude * 10 + 9 cannot pass 64 bits while magnitude is at most a tenth of the limit.
            if (magnitude > limit / 10)
                return Refuse(BencodeErrorReason.IntegerOverflow, TokenStart);

            magnitude = (magnitude * 10) + (ulong)(_data[position] - '0');
            if (magnitude > limit)
                return Refuse(BencodeErrorReason.IntegerOverflow, TokenStart);
        }

        int count = position - digits;
        if (position == _data.Length)
            return Refuse(BencodeErrorReason.UnexpectedEnd, position, count == 0 ? "a digit" : DigitOrEnd);

        if (count == 0 || _data[position] != (byte)'e')
            return Refuse(BencodeErrorReason.UnexpectedByte, position, count == 0 ? "a digit" : DigitOrEnd);

        if (count > 1 && _data[digits] == (byte)'0' && !_options.AllowLeadingZeros)
            return Refuse(BencodeErrorReason.LeadingZero, TokenStart);

        if (negative && magnitude == 0 && !_options.AllowNegativeZero)
            return Refuse(BencodeErrorReason.NegativeZero, TokenStart);

        _integer = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        _position = position + 1;
        return true;
    }

    private bool ReadString()
    {
        int position = _position;
        long length = 0;
        for (; position < _data.Length && char.IsAsciiDigit((char)_data[position]); position++)
            length = Math.Min((length * 10) + (_data[position] - '0'), int.MaxValue);

        const string DigitOrColon = "a digit or the ':' that ends the string's length";
        if (position == _data.Length)
            return Refuse(BencodeErrorReason.UnexpectedEnd, position, DigitOrColon);

        if (_data[position] != (byte)':')
            return Refuse(BencodeErrorReason.UnexpectedByte, position, DigitOrColon);

        if (position - _position > 1 && _data[_position] == (byte)'0' && !_options.AllowLeadingZeros)
            return Refuse(BencodeErrorReason.LeadingZero, TokenStart);

        position++;
        if (length > _data.Length - position)
        {
            _missingString = true;
            return Refuse(BencodeErrorReason.UnexpectedEnd, position);
        }

        _valueStart = position;
        _valueLength = (int)length;
        _position = position + (int)length;
        return true;
    }

    private readonly ReadOnlySpan<byte> KeyAt(int token)
    {
        int length = 0;
        for (; _data[token] != (byte)':'; token++)
            length = (length * 10) + (_data[token] - '0');

        return _data.Slice(token + 1, length);
    }

    [InlineArray(BencodeReaderOptions.DepthLimit)]
    private struct Frames
    {
        private int _first;
    }
}
