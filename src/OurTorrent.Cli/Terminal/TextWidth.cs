using Spectre.Console.Rendering;

namespace OurTorrent.Cli.Terminal;

/// <summary>Text measured in the columns of a terminal, of which some characters take two.</summary>
internal static class TextWidth
{
    /// <summary>The text, cut off with an ellipsis where it is too wide.</summary>
    /// <param name="text">Printable text.</param>
    /// <param name="width">How many columns there are; at least one.</param>
    public static string Fit(string text, int width)
    {
        if (WidthOf(text) <= width)
            return text;

        int end = Math.Min(text.Length, width - 1);
        while (end > 0 && (WidthOf(text[..end]) > width - 1 || char.IsHighSurrogate(text[end - 1])))
            end--;
        return text[..end] + "…";
    }

    private static int WidthOf(string text) => new Segment(text).CellCount();
}
