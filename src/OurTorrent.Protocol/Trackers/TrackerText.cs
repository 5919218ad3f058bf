namespace OurTorrent.Protocol.Trackers;

/// <summary>Text written by a tracker, made fit to be shown: one line, no control characters, not endless.</summary>
internal static class TrackerText
{
    public const int MaxLength = 256;

    public static string OneLine(ReadOnlySpan<byte> utf8)
    {
        // A character is at most four bytes: no need to decode more than can be shown.
        if (utf8.Length > MaxLength * 4)
            utf8 = utf8[..(MaxLength * 4)];

        var text = new StringBuilder(Encoding.UTF8.GetString(utf8).Trim());
        for (int i = 0; i < text.Length; i++)
        {
            if (IsUnprintable(text[i]))
                text[i] = ' ';
        }

        if (text.Length > MaxLength)
        {
            text.Length = char.IsHighSurrogate(text[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1;
            text.Append('…');
        }

        return text.ToString().Trim();
    }

    // Beside control characters: line separators, and the marks that turn the direction of the text around them.
    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is >= '\u2028' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u200e' or '\u200f' or '\ufeff';
}
