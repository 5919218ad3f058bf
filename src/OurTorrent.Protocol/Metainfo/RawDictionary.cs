using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// The values of one dictionary that stand under keys somebody asked for. Keys may stand in any order; of a key that stands
/// twice the first is kept and the second remembered.
/// </summary>
internal sealed class RawDictionary
{
    private readonly Dictionary<string, RawValue> _values = new(StringComparer.Ordinal);

    private RawDictionary()
    {
    }

    /// <summary>Where keys stand that have stood before.</summary>
    public List<(string Key, long Offset)> Repeated { get; } = [];

    /// <summary>The length of the dictionary in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The value under a key.</summary>
    public RawValue this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Reads a dictionary that may yet turn out to be malformed.</summary>
    /// <param name="dictionary">The bytes; what follows the dictionary is not looked at.</param>
    /// <param name="keys">The keys to keep, ASCII.</param>
    /// <param name="result">The values found.</param>
    /// <param name="error">What is wrong, its offset counted from the beginning of the dictionary.</param>
    /// <returns>Whether it was a well-formed dictionary.</returns>
    public static bool TryRead(
        RawValue dictionary, ReadOnlySpan<string> keys, [NotNullWhen(true)] out RawDictionary? result, out BencodeError error)
    {
        var found = new RawDictionary();
        result = null;
        BencodeReader reader = dictionary.Open();
        bool opened = reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.StartDictionary;
        while (opened && reader.TryRead() == BencodeReadStatus.Token)
        {
            if (reader.TokenType == BencodeTokenType.EndDictionary)
            {
                found.Length = reader.BytesConsumed;
                result = found;
                break;
            }

            string? key = Find(keys, reader.ValueSpan);
            int keyStart = reader.TokenStart;
            if (!reader.TryReadRawValue(out ReadOnlySpan<byte> raw))
                break;

            int start = reader.BytesConsumed - raw.Length;
            if (key is not null && !found._values.TryAdd(key, new(dictionary.Bytes.Slice(start, raw.Length), dictionary.Offset + start)))
                found.Repeated.Add((key, dictionary.Offset + keyStart));
        }

        error = reader.Error;
        return result is not null;
    }

    private static string? Find(ReadOnlySpan<string> keys, ReadOnlySpan<byte> key)
    {
        foreach (string candidate in keys)
        {
            if (Ascii.Equals(key, candidate))
                return candidate;
        }

        return null;
    }
}
