namespace OurTorrent.Protocol.Magnets;

/// <summary>Base 32 as in RFC 4648, in which old magnet links write the info-hash (BEP 9).</summary>
internal static class Base32
{
    /// <summary>Reads digits of either case, without padding.</summary>
    /// <param name="text">Exactly as many digits as fill <paramref name="bytes"/>.</param>
    /// <param name="bytes">Receives the bytes; a multiple of 5.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length * 5 != bytes.Length * 8)
            return false;

        uint buffer = 0;
        int bits = 0;
        int written = 0;
        foreach (char c in text)
        {
            int digit = c switch
            {
                >= 'A' and <= 'Z' => c - 'A',
                >= 'a' and <= 'z' => c - 'a',
                >= '2' and <= '7' => c - '2' + 26,
                _ => -1,
            };
            if (digit < 0)
                return false;

            buffer = (buffer << 5) | (uint)digit;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[written++] = (byte)(buffer >> bits);
            }
        }

        return true;
    }
}
