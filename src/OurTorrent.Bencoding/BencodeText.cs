namespace OurTorrent.Bencoding;

/// <summary>Turns byte strings into text a person can read.</summary>
internal static class BencodeText
{
    private const int LongestText = 64;
    private const int LongestHex = 16;
    private const int LongestDescription = 4096;
    private const int DeepestDescription = 32;

    /// <summary>
    /// Text in quotes where the bytes are UTF-8 that prints, else hexadecimal digits. What is too long is cut, and its whole
    /// length given.
    /// </summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        AppendQuoted(text, bytes);
        return text.ToString();
    }

    /// <summary>A whole value on one line. What is too deep or too long is left out and marked as such.</summary>
    public static string Describe(BencodeValue value)
    {
        StringBuilder text = new();
        AppendValue(text, value, depth: 0);
        return text.ToString();
    }

    private static void AppendValue(StringBuilder text, BencodeValue value, int depth)
    {
        switch (value)
        {
            case BencodeInteger integer:
                text.Append(CultureInfo.InvariantCulture, $"{integer.Value}");
                break;
            case BencodeString bytes:
                AppendQuoted(text, bytes.Span);
                break;
            case BencodeList list:
                AppendList(text, list, depth);
                break;
            case BencodeDictionary dictionary:
                AppendDictionary(text, dictionary, depth);
                break;
        }
    }

    private static void AppendList(StringBuilder text, BencodeList list, int depth)
    {
        text.Append('[');
        bool first = true;
        foreach (BencodeValue item in list)
        {
            if (!TryAppendComma(text, ref first, depth))
                break;

            AppendValue(text, item, depth + 1);
        }

        text.Append(']');
    }

    private static void AppendDictionary(StringBuilder text, BencodeDictionary dictionary, int depth)
    {
        text.Append('{');
        bool first = true;
        foreach ((BencodeString key, BencodeValue value) in dictionary)
        {
            if (!TryAppendComma(text, ref first, depth))
                break;

            AppendQuoted(text, key.Span);
            text.Append(": ");
            AppendValue(text, value, depth + 1);
        }

        text.Append('}');
    }

    private static bool TryAppendComma(StringBuilder text, ref bool first, int depth)
    {
        if (!first)
            text.Append(", ");

        first = false;
        if (text.Length < LongestDescription && depth < DeepestDescription)
            return true;

        text.Append("...");
        return false;
    }

    private static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        int start = text.Length;
        int shown = TryAppendText(text, bytes);
        if (shown < 0)
        {
            text.Length = start;
            shown = Math.Min(bytes.Length, LongestHex);
            text.Append("0x").Append(Convert.ToHexStringLower(bytes[..shown]));
        }

        if (shown < bytes.Length)
            text.Append(CultureInfo.InvariantCulture, $"... ({bytes.Length} bytes)");
    }

    // Returns how many bytes were shown, or -1 where they do not print.
    private static int TryAppendText(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        text.Append('"');
        int shown = 0;
        while (shown < bytes.Length && shown < LongestText)
        {
            if (Rune.DecodeFromUtf8(bytes[shown..], out Rune rune, out int consumed) != OperationStatus.Done || !Prints(rune))
                return -1;

            if (rune.Value is '"' or '\\')
                text.Append('\\');

            text.Append(rune.ToString());
            shown += consumed;
        }

        text.Append('"');
        return shown;
    }

    // Control and format characters (which include those that turn the direction of text) are not let through to a terminal.
    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
