using System.Text;
using CsCheck;

namespace OurTorrent.Bencoding.Tests;

/// <summary>What several tests need: bytes from text, a reading of all tokens, and random documents.</summary>
internal static class Document
{
    public static BencodeReaderOptions Deepest => BencodeReaderOptions.Strict with { MaxDepth = BencodeReaderOptions.DepthLimit };

    public static Gen<byte[]> RandomBytes { get; } = Gen.Byte.Array[0, 64];

    /// <summary>Bytes that are nearly bencode: far more of them get past the first byte than of random ones.</summary>
    public static Gen<byte[]> NearlyBencode { get; } =
        Gen.Char["ilde012:-a"].Select(character => (byte)character).Array[0, 48];

    public static Gen<BencodeValue> RandomValue { get; } = Gen.Recursive<BencodeValue>((depth, inner) => depth >= 5
        ? Scalar
        : Gen.OneOf(
            Scalar,
            inner.Array[0, 4].Select(BencodeValue (items) => new BencodeList(items)),
            Gen.Select(RandomString, inner).Array[0, 4].Select(ToDictionary)));

    /// <summary>A random document with one byte changed, taken out or put in.</summary>
    public static Gen<byte[]> Mutated { get; } = Gen.Select(
        RandomValue,
        Gen.Int[0, int.MaxValue],
        Gen.Byte,
        Gen.Int[0, 2],
        (value, place, with, how) =>
        {
            byte[] bytes = value.ToBytes();
            place %= bytes.Length;
            return how switch
            {
                0 => (byte[])[.. bytes[..place], with, .. bytes[(place + 1)..]],
                1 => [.. bytes[..place], .. bytes[(place + 1)..]],
                _ => [.. bytes[..place], with, .. bytes[place..]],
            };
        });

    private static Gen<BencodeString> RandomString => Gen.OneOf(
        Gen.Byte.Array[0, 12].Select(bytes => new BencodeString(bytes)),
        Gen.String[Gen.Char['a', 'c'], 0, 3].Select(text => new BencodeString(text)));

    private static Gen<BencodeValue> Scalar => Gen.OneOf(
        Gen.Long.Select(BencodeValue (number) => number),
        RandomString.Select(BencodeValue (text) => text));

    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    /// <summary>All tokens on one line, each with its depth; the last word is how it ended.</summary>
    public static string Tokens(ReadOnlySpan<byte> bytes, BencodeReaderOptions options = default)
    {
        BencodeReader reader = new(bytes, options);
        StringBuilder text = new();
        BencodeReadStatus status;
        while ((status = reader.TryRead()) == BencodeReadStatus.Token)
        {
            text.Append(reader.TokenType switch
            {
                BencodeTokenType.Integer => $"{reader.GetInt64()}",
                BencodeTokenType.String => $"'{Encoding.Latin1.GetString(reader.ValueSpan)}'",
                BencodeTokenType.Key => $"{Encoding.Latin1.GetString(reader.ValueSpan)}=",
                BencodeTokenType.StartList => "[",
                BencodeTokenType.EndList => "]",
                BencodeTokenType.StartDictionary => "{",
                _ => "}",
            });
            text.Append('@').Append(reader.Depth).Append(' ');
        }

        return text.Append(status == BencodeReadStatus.End ? "end" : reader.Error.Reason.ToString()).ToString();
    }

    private static BencodeValue ToDictionary((BencodeString Key, BencodeValue Value)[] entries)
    {
        BencodeDictionary dictionary = [];
        foreach ((BencodeString key, BencodeValue value) in entries)
            dictionary[key] = value;

        return dictionary;
    }
}
