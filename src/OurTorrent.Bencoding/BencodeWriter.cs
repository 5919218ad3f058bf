namespace OurTorrent.Bencoding;

/// <summary>
/// Writes one bencoded value (BEP 3) token by token, straight into a buffer. What it writes is always well formed: keys out of
/// order or repeated, values without a key and unbalanced ends are refused as they come.
/// </summary>
/// <remarks>
/// There is nothing to flush; <see cref="Complete"/> checks that the value is whole. A writer that is <see cref="Reset"/> and
/// used again allocates nothing.
/// </remarks>
public sealed class BencodeWriter
{
    private const int LongestNumber = 20;

    private IBufferWriter<byte> _output;
    private Frame[] _frames = [];
    private int _open;

    // The last key of every open dictionary, one behind the other: needed to compare the next key with.
    private byte[] _keys = [];
    private bool _afterKey;
    private bool _complete;

    /// <summary>Prepares to write; nothing is written yet.</summary>
    /// <param name="output">Where the bytes go.</param>
    public BencodeWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>How many lists and dictionaries are open.</summary>
    public int Depth => _open;

    /// <summary>How many bytes have been written since the start or the last <see cref="Reset"/>.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Starts over with a new value, whatever was written before.</summary>
    /// <param name="output">Where the bytes go from now on.</param>
    public void Reset(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _open = 0;
        _afterKey = false;
        _complete = false;
        BytesWritten = 0;
    }

    /// <summary>Checks that one value has been written whole.</summary>
    /// <exception cref="InvalidOperationException">Nothing was written, or a list or dictionary is still open.</exception>
    public void Complete()
    {
        if (_open > 0)
            throw new InvalidOperationException($"{_open} lists or dictionaries have not been ended.");

        if (!_complete)
            throw new InvalidOperationException("No value has been written.");
    }

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    /// <exception cref="InvalidOperationException">A value cannot stand here.</exception>
    public void WriteInteger(long value)
    {
        BeforeValue();
        Span<byte> span = _output.GetSpan(LongestNumber + 2);
        span[0] = (byte)'i';
        value.TryFormat(span[1..], out int digits, default, CultureInfo.InvariantCulture);
        span[digits + 1] = (byte)'e';
        Advance(digits + 2);
        AfterValue();
    }

    /// <summary>Writes a byte string.</summary>
    /// <param name="value">The bytes.</param>
    /// <exception cref="InvalidOperationException">A value cannot stand here.</exception>
    public void WriteString(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        WriteBytes(value);
        AfterValue();
    }

    /// <summary>Writes text as UTF-8.</summary>
    /// <param name="value">The text; a lone surrogate becomes the replacement character U+FFFD.</param>
    /// <exception cref="InvalidOperationException">A value cannot stand here.</exception>
    public void WriteString(ReadOnlySpan<char> value)
    {
        BeforeValue();
        int length = Encoding.UTF8.GetByteCount(value);
        WriteLength(length);
        if (length > 0)
            Advance(Encoding.UTF8.GetBytes(value, _output.GetSpan(length)));

        AfterValue();
    }

    /// <summary>Writes the key of a dictionary's next entry.</summary>
    /// <param name="key">The key's bytes, which must sort after the key before.</param>
    /// <exception cref="InvalidOperationException">
    /// A key cannot stand here, is the same as the one before, or sorts before it.
    /// </exception>
    public void WriteKey(ReadOnlySpan<byte> key)
    {
        if (_open == 0 || _afterKey || _frames[_open - 1].IsList)
        {
            throw new InvalidOperationException(
                $"The key {BencodeText.Quote(key)} {(_afterKey ? "follows a key that has no value yet" : "stands outside a dictionary")}.");
        }

        ref Frame frame = ref _frames[_open - 1];
        if (frame.HasKey)
            RequireAscending(_keys.AsSpan(frame.KeyStart, frame.KeyLength), key);

        int end = checked(frame.KeyStart + key.Length);
        if (end > _keys.Length)
            Array.Resize(ref _keys, Math.Max(end, Math.Max(256, _keys.Length * 2)));

        key.CopyTo(_keys.AsSpan(frame.KeyStart));
        frame.KeyLength = key.Length;
        frame.HasKey = true;
        WriteBytes(key);
        _afterKey = true;
    }

    /// <summary>Writes the key of a dictionary's next entry as UTF-8.</summary>
    /// <inheritdoc cref="WriteKey(ReadOnlySpan{byte})"/>
    public void WriteKey(ReadOnlySpan<char> key)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(key.Length));
        try
        {
            WriteKey(bytes.AsSpan(0, Encoding.UTF8.GetBytes(key, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Opens a list.</summary>
    /// <exception cref="InvalidOperationException">A value cannot stand here, or too many are open.</exception>
    public void WriteStartList() => Open(isList: true);

    /// <summary>Closes the list.</summary>
    /// <exception cref="InvalidOperationException">What was opened last is not a list.</exception>
    public void WriteEndList() => Close(isList: true);

    /// <summary>Opens a dictionary.</summary>
    /// <exception cref="InvalidOperationException">A value cannot stand here, or too many are open.</exception>
    public void WriteStartDictionary() => Open(isList: false);

    /// <summary>Closes the dictionary.</summary>
    /// <exception cref="InvalidOperationException">What was opened last is not a dictionary, or its last key has no value.</exception>
    public void WriteEndDictionary() => Close(isList: false);

    /// <summary>Writes a value that is already bencoded, such as an info dictionary whose bytes must stay as they are.</summary>
    /// <param name="value">One whole value. Its keys may be in any order; it is checked for being well formed.</param>
    /// <exception cref="BencodeException">The bytes are not one bencoded value.</exception>
    /// <exception cref="InvalidOperationException">A value cannot stand here.</exception>
    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        BencodeReader reader = new(
            value, BencodeReaderOptions.Lenient with { AllowTrailing = false, MaxDepth = BencodeReaderOptions.DepthLimit });
        reader.Skip();
        BeforeValue();
        _output.Write(value);
        BytesWritten += value.Length;
        AfterValue();
    }

    /// <summary>Writes an entry: a key and an integer.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="value">The integer.</param>
    /// <exception cref="InvalidOperationException">The key cannot stand here.</exception>
    public void WriteInteger(ReadOnlySpan<byte> key, long value)
    {
        WriteKey(key);
        WriteInteger(value);
    }

    /// <summary>Writes an entry: a key and a byte string.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="value">The bytes.</param>
    /// <exception cref="InvalidOperationException">The key cannot stand here.</exception>
    public void WriteString(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        WriteKey(key);
        WriteString(value);
    }

    /// <summary>Writes an entry: a key and text as UTF-8.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="InvalidOperationException">The key cannot stand here.</exception>
    public void WriteString(ReadOnlySpan<byte> key, ReadOnlySpan<char> value)
    {
        WriteKey(key);
        WriteString(value);
    }

    /// <summary>Writes a key and opens its list.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <exception cref="InvalidOperationException">The key cannot stand here.</exception>
    public void WriteStartList(ReadOnlySpan<byte> key)
    {
        WriteKey(key);
        WriteStartList();
    }

    /// <summary>Writes a key and opens its dictionary.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <exception cref="InvalidOperationException">The key cannot stand here.</exception>
    public void WriteStartDictionary(ReadOnlySpan<byte> key)
    {
        WriteKey(key);
        WriteStartDictionary();
    }

    private static void RequireAscending(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> key)
    {
        int order = previous.SequenceCompareTo(key);
        if (order == 0)
            throw new InvalidOperationException($"The key {BencodeText.Quote(key)} is already in the dictionary.");

        if (order > 0)
        {
            throw new InvalidOperationException(
                $"The key {BencodeText.Quote(key)} must come before {BencodeText.Quote(previous)}: keys go in the order of their bytes.");
        }
    }

    private void Open(bool isList)
    {
        if (_open == BencodeReaderOptions.DepthLimit)
        {
            throw new InvalidOperationException(
                $"Only {BencodeReaderOptions.DepthLimit} lists and dictionaries can be open within each other.");
        }

        BeforeValue();
        if (_open == _frames.Length)
            Array.Resize(ref _frames, Math.Max(8, _open * 2));

        int keyStart = _open == 0 ? 0 : _frames[_open - 1].KeyStart + _frames[_open - 1].KeyLength;
        _frames[_open++] = new Frame { IsList = isList, KeyStart = keyStart };
        _afterKey = false;
        WriteByte(isList ? (byte)'l' : (byte)'d');
    }

    private void Close(bool isList)
    {
        string name = isList ? "list" : "dictionary";
        if (_open == 0 || _frames[_open - 1].IsList != isList)
            throw new InvalidOperationException($"What was opened last is not a {name}.");

        if (_afterKey)
            throw new InvalidOperationException("The dictionary's last key has no value.");

        _open--;
        WriteByte((byte)'e');
        AfterValue();
    }

    private void BeforeValue()
    {
        if (_complete)
            throw new InvalidOperationException("The value is complete; a second one cannot follow it.");

        if (_open > 0 && !_afterKey && !_frames[_open - 1].IsList)
            throw new InvalidOperationException("A dictionary's value needs a key before it.");
    }

    private void AfterValue()
    {
        _afterKey = false;
        _complete = _open == 0;
    }

    private void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        _output.Write(value);
        BytesWritten += value.Length;
    }

    private void WriteLength(int length)
    {
        Span<byte> span = _output.GetSpan(LongestNumber + 1);
        length.TryFormat(span, out int digits, default, CultureInfo.InvariantCulture);
        span[digits] = (byte)':';
        Advance(digits + 1);
    }

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        Advance(1);
    }

    private void Advance(int count)
    {
        _output.Advance(count);
        BytesWritten += count;
    }

    private struct Frame
    {
        public bool IsList;
        public bool HasKey;
        public int KeyStart;
        public int KeyLength;
    }
}
