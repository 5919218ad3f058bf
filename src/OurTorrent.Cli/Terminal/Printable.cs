using System.Globalization;
using System.Text;

namespace OurTorrent.Cli.Terminal;

/// <summary>Makes text that came from a stranger safe to print: names in a torrent may hold escape codes and line ends.</summary>
internal static class Printable
{
    /// <summary>The text with everything that steers a terminal replaced by U+FFFD.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text)
    {
        foreach (char c in text)
        {
            if (Steers(c))
                return Replace(text);
        }

        return text;
    }

    private static string Replace(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char c in text)
            safe.Append(Steers(c) ? '\uFFFD' : c);
        return safe.ToString();
    }

    // Format characters are refused for the sake of those that turn the direction of writing and so disguise a file's name.
    private static bool Steers(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
