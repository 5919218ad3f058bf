namespace OurTorrent.Tracker.Http;

/// <summary>The <c>key</c> of an announce (BEP 7), which may be any text.</summary>
internal static class KeyText
{
    private const int MaxHexDigits = 8;

    /// <summary>
    /// Up to eight hexadecimal digits, as most clients send, are the number that the same client sends over UDP; of anything else a
    /// digest is taken.
    /// </summary>
    /// <param name="text">The value as it stands in the query; not empty.</param>
    public static uint Read(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxHexDigits)
            return Digest(text);

        uint key = 0;
        foreach (byte digit in text)
        {
            int value = PercentEncoding.HexValue(digit);
            if (value < 0)
                return Digest(text);
            key = (key << 4) | (uint)value;
        }

        return key;
    }

    // FNV-1a: nobody gains from finding two texts with one digest, who could send the same text twice.
    private static uint Digest(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte value in bytes)
            hash = (hash ^ value) * 16777619;
        return hash;
    }
}
