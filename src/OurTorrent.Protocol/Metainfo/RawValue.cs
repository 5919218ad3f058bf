using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>One bencoded value as its bytes, and where they stood; the default value is one that was not there.</summary>
/// <param name="Bytes">The value, known to be well formed.</param>
/// <param name="Offset">Where it begins in the input.</param>
internal readonly record struct RawValue(ReadOnlyMemory<byte> Bytes, long Offset)
{
    /// <summary>
    /// What a metainfo file is read with: what careless programs write is accepted, since the info-hash is taken over the
    /// bytes as found, and nesting is allowed as deep as a file tree may be.
    /// </summary>
    public static readonly BencodeReaderOptions Options =
        BencodeReaderOptions.Lenient with { MaxDepth = BencodeReaderOptions.DepthLimit };

    public bool Exists => !Bytes.IsEmpty;

    public bool IsDictionary => Exists && Bytes.Span[0] == (byte)'d';

    public bool IsList => Exists && Bytes.Span[0] == (byte)'l';

    public BencodeReader Open() => new(Bytes.Span, Options);

    public bool TryGetInteger(out long value)
    {
        BencodeReader reader = Open();
        value = 0;
        return Exists && reader.TryRead() == BencodeReadStatus.Token && reader.TryGetInt64(out value);
    }

    public bool TryGetString(out ReadOnlyMemory<byte> value)
    {
        value = default;
        BencodeReader reader = Open();
        if (!Exists || reader.TryRead() != BencodeReadStatus.Token || reader.TokenType != BencodeTokenType.String)
            return false;

        value = Bytes[(reader.BytesConsumed - reader.ValueSpan.Length)..reader.BytesConsumed];
        return true;
    }
}
