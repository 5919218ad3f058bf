using OurTorrent.Bencoding;

namespace OurTorrent.Fuzz.Bencoding;

/// <summary>Bencode (BEP 3): tokens, values, and what is written back.</summary>
internal static class BencodeTarget
{
    private const int LongestText = 8192;

    private static readonly BencodeReaderOptions[] AllOptions =
    [
        BencodeReaderOptions.Strict,
        BencodeReaderOptions.Strict with { MaxDepth = 3 },
        BencodeReaderOptions.Lenient,
        BencodeReaderOptions.Lenient with { MaxDepth = BencodeReaderOptions.DepthLimit, AllowTrailing = false },
    ];

    public static void Check(byte[] input)
    {
        foreach (BencodeReaderOptions options in AllOptions)
        {
            bool isWhole = Promise.Allocates(0, () => ReadTokens(input, options));
            bool isValue = BencodeValue.TryParse(input, options, out BencodeValue? value, out BencodeError error);
            Promise.Same(isWhole, isValue, "tokens and values agree on what is bencode");
            CheckError(error, isValue, input.Length);
            CheckSkip(input, options, isValue);
            if (value is not null)
                CheckValue(input, options, value);
        }
    }

    private static bool ReadTokens(byte[] input, BencodeReaderOptions options)
    {
        var reader = new BencodeReader(input, options);
        int consumed = 0;
        BencodeReadStatus status;
        while ((status = reader.TryRead()) == BencodeReadStatus.Token)
        {
            Promise.That(reader.BytesConsumed > consumed && reader.BytesConsumed <= input.Length, "every token takes bytes, and only those there are");
            Promise.That(reader.Depth >= 0 && reader.Depth < options.MaxDepth + 1, "no token is deeper than allowed");
            Promise.That(reader.TokenStart == consumed, "tokens follow each other without a gap");
            consumed = reader.BytesConsumed;
        }

        Promise.Same(status, reader.TryRead(), "the end and a mistake stay");
        return status == BencodeReadStatus.End;
    }

    private static void CheckError(BencodeError error, bool isValue, int length)
    {
        Promise.Same(isValue, error.Reason == BencodeErrorReason.None, "there is an error or a value");
        Promise.That(error.Offset >= 0 && error.Offset <= length, "an error is within the input");
        if (!isValue)
            Promise.That(error.Expected.Length is > 0 and < 500 && error.Found.Length is > 0 and < 500, "an error has words, and not too many");
    }

    private static void CheckSkip(byte[] input, BencodeReaderOptions options, bool isValue)
    {
        var skipping = new BencodeReader(input, options);
        Promise.Same(isValue, skipping.TrySkip(), "skipping accepts what reading does");
        var raw = new BencodeReader(input, options);
        Promise.Same(isValue, raw.TryReadRawValue(out ReadOnlySpan<byte> bytes), "taking raw bytes accepts what reading does");
        if (isValue)
            Promise.That(bytes.Length == skipping.BytesConsumed && input.AsSpan().StartsWith(bytes), "raw bytes are those skipped");
    }

    private static void CheckValue(byte[] input, BencodeReaderOptions options, BencodeValue value)
    {
        Promise.Allocates(4096 + (100L * input.Length), () => BencodeValue.TryParse(input, options, out _, out _));
        byte[] written = value.ToBytes();
        if (options.AllowUnorderedKeys)
            Promise.That(written.Length <= input.Length, "the one right encoding is the shortest");
        else
            Promise.That(written.AsSpan().SequenceEqual(input), "what strict reading accepts is written back to the same bytes");

        BencodeReaderOptions strict = BencodeReaderOptions.Strict with { MaxDepth = options.MaxDepth };
        Promise.That(BencodeValue.TryParse(written, strict, out BencodeValue? again, out _), "what is written is strictly bencode");
        Promise.That(value == again && value.GetHashCode() == again.GetHashCode(), "what is written reads back as the same value");
        Promise.That(value.ToString().Length <= LongestText, "a description is bounded");
    }
}
