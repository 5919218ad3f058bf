namespace OurTorrent.Bencoding;

/// <content>From bytes, streams and files, and back.</content>
public abstract partial class BencodeValue
{
    /// <summary>How many bytes are read from a stream or file unless the caller says otherwise: 256 MiB.</summary>
    public const int DefaultMaxLength = 256 << 20;

    private const int ReadSize = 64 << 10;

    /// <summary>Reads a value.</summary>
    /// <param name="bytes">The bencoded bytes; nothing refers to them afterwards.</param>
    /// <param name="options">
    /// How exact they must be; strict unless given. Where repeated keys are allowed, the last one's value is taken.
    /// </param>
    /// <exception cref="BencodeException">The bytes are malformed.</exception>
    public static BencodeValue Parse(ReadOnlySpan<byte> bytes, BencodeReaderOptions options = default) =>
        TryParse(bytes, options, out BencodeValue? value, out BencodeError error) ? value : throw new BencodeException(error);

    /// <summary>Reads a value, strictly; never throws.</summary>
    /// <param name="bytes">The bencoded bytes; nothing refers to them afterwards.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether the bytes were well formed.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out BencodeValue? value) =>
        TryParse(bytes, default, out value, out _);

    /// <summary>Reads a value; never throws.</summary>
    /// <param name="bytes">The bencoded bytes; nothing refers to them afterwards.</param>
    /// <param name="options">How exact they must be. Where repeated keys are allowed, the last one's value is taken.</param>
    /// <param name="value">The value.</param>
    /// <param name="error">What is wrong with the bytes, where the answer is <see langword="false"/>.</param>
    /// <returns>Whether the bytes were well formed.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, BencodeReaderOptions options, [NotNullWhen(true)] out BencodeValue? value, out BencodeError error)
    {
        BencodeReader reader = new(bytes, options);
        value = reader.TryRead() == BencodeReadStatus.Token ? ReadCurrent(ref reader) : null;
        error = reader.Error;
        return value is not null;
    }

    /// <summary>Reads a value from a stream, up to the stream's end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="options">How exact the bytes must be; strict unless given.</param>
    /// <param name="maxLength">The greatest number of bytes accepted.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="BencodeException">The bytes are malformed or too many.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static async Task<BencodeValue> ReadAsync(
        Stream stream,
        BencodeReaderOptions options = default,
        int maxLength = DefaultMaxLength,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        ArrayBufferWriter<byte> bytes = new(ReadSize);
        while (true)
        {
            int read = await stream.ReadAsync(bytes.GetMemory(ReadSize), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return Parse(bytes.WrittenSpan, options);

            bytes.Advance(read);
            if (bytes.WrittenCount > maxLength)
            {
                string expected = string.Create(CultureInfo.InvariantCulture, $"at most {maxLength} bytes");
                throw new BencodeException(new BencodeError(BencodeErrorReason.TooLong, maxLength, expected, "more"));
            }
        }
    }

    /// <summary>Reads a value from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How exact the bytes must be; strict unless given.</param>
    /// <param name="maxLength">The greatest number of bytes accepted.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="BencodeException">The bytes are malformed or too many.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static async Task<BencodeValue> ReadFileAsync(
        string path,
        BencodeReaderOptions options = default,
        int maxLength = DefaultMaxLength,
        CancellationToken cancellationToken = default)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
            return await ReadAsync(file, options, maxLength, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the value as part of a larger one.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <exception cref="InvalidOperationException">
    /// A value cannot stand there, or this one is nested deeper than <see cref="BencodeReaderOptions.DepthLimit"/>.
    /// </exception>
    public abstract void WriteTo(BencodeWriter writer);

    /// <summary>The value as bytes. Equal values give equal bytes.</summary>
    /// <exception cref="InvalidOperationException">It is nested deeper than <see cref="BencodeReaderOptions.DepthLimit"/>.</exception>
    public byte[] ToBytes() => Encode().WrittenSpan.ToArray();

    /// <summary>Writes the value to a stream.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <param name="cancellationToken">Ends the writing early.</param>
    /// <exception cref="InvalidOperationException">It is nested deeper than <see cref="BencodeReaderOptions.DepthLimit"/>.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(Encode().WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes the value to a file, in place of what was there. It is written beside the file and renamed over it, so that nobody
    /// ever finds half of it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the writing early; the file is then left as it was.</param>
    /// <exception cref="InvalidOperationException">It is nested deeper than <see cref="BencodeReaderOptions.DepthLimit"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public async Task WriteFileAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ReadOnlyMemory<byte> bytes = Encode().WrittenMemory;
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllBytesAsync(beside, bytes, cancellationToken).ConfigureAwait(false);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    // Recursion ends with the reader's bound on depth. Null where the bytes are malformed.
    private static BencodeValue? ReadCurrent(ref BencodeReader reader) => reader.TokenType switch
    {
        BencodeTokenType.Integer => new BencodeInteger(reader.GetInt64()),
        BencodeTokenType.String => new BencodeString(reader.ValueSpan),
        BencodeTokenType.StartList => ReadList(ref reader),
        _ => ReadDictionary(ref reader),
    };

    private static BencodeList? ReadList(ref BencodeReader reader)
    {
        BencodeList list = [];
        while (reader.TryRead() == BencodeReadStatus.Token)
        {
            if (reader.TokenType == BencodeTokenType.EndList)
                return list;

            if (ReadCurrent(ref reader) is not { } item)
                return null;

            list.Add(item);
        }

        return null;
    }

    private static BencodeDictionary? ReadDictionary(ref BencodeReader reader)
    {
        List<KeyValuePair<BencodeString, BencodeValue>> entries = [];
        while (reader.TryRead() == BencodeReadStatus.Token)
        {
            if (reader.TokenType == BencodeTokenType.EndDictionary)
                return BencodeDictionary.FromEntries(entries);

            BencodeString key = new(reader.ValueSpan);
            if (reader.TryRead() != BencodeReadStatus.Token || ReadCurrent(ref reader) is not { } value)
                return null;

            entries.Add(new(key, value));
        }

        return null;
    }

    private ArrayBufferWriter<byte> Encode()
    {
        ArrayBufferWriter<byte> bytes = new();
        BencodeWriter writer = new(bytes);
        WriteTo(writer);
        writer.Complete();
        return bytes;
    }
}
