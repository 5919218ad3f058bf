namespace OurTorrent.Tracker.Http;

/// <summary>Reads what stands percent-encoded in the query of a URL: the bytes of info-hashes and peer ids.</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes a value; <c>+</c> is a space, as forms write it.</summary>
    /// <param name="encoded">The value as it stands in the query.</param>
    /// <param name="decoded">Where its bytes go.</param>
    /// <param name="length">How many there are.</param>
    /// <returns>Whether every <c>%</c> is followed by two hexadecimal digits, and the bytes fit.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> decoded, out int length)
    {
        length = 0;
        for (int index = 0; index < encoded.Length; index++)
        {
            if (length == decoded.Length)
                return false;

            byte value = encoded[index];
            if (value == (byte)'%')
            {
                if (index + 2 >= encoded.Length)
                    return false;

                int number = (HexValue(encoded[index + 1]) << 4) | HexValue(encoded[index + 2]);
                if (number < 0)
                    return false;

                value = (byte)number;
                index += 2;
            }
            else if (value == (byte)'+')
            {
                value = (byte)' ';
            }

            decoded[length++] = value;
        }

        return true;
    }

    /// <summary>What a hexadecimal digit stands for, or -1.</summary>
    public static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
