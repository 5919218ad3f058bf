namespace OurTorrent.Tracker.Access;

/// <summary>The beginning of the peer ids of one kind of client (BEP 20).</summary>
internal static class BlockedClient
{
    /// <summary>Reads a beginning as people write it: text, in which <c>%00</c> stands for a byte.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The bytes.</param>
    /// <returns>Whether it is 1 to 20 bytes.</returns>
    public static bool TryParse(string text, out byte[] prefix)
    {
        var bytes = new List<byte>();
        Span<byte> value = stackalloc byte[1];
        prefix = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAscii(text[i]))
                return false;
            if (text[i] != '%')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            if (i + 2 >= text.Length || Convert.FromHexString(text.AsSpan(i + 1, 2), value, out _, out _) != System.Buffers.OperationStatus.Done)
                return false;
            bytes.Add(value[0]);
            i += 2;
        }

        prefix = [.. bytes];
        return prefix.Length is > 0 and <= PeerId.Length;
    }
}
