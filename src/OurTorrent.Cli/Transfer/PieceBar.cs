using OurTorrent.Protocol.Peers;

namespace OurTorrent.Cli.Transfer;

/// <summary>The pieces of a torrent as a row of characters, the darker the more of that part is there.</summary>
internal static class PieceBar
{
    private const string Shades = " ░▒▓█";
    private const string AsciiShades = " .:+#";

    /// <summary>Draws a bar.</summary>
    /// <param name="pieces">The pieces that are there.</param>
    /// <param name="width">How many characters to use.</param>
    /// <param name="unicode">Whether the terminal can show shades.</param>
    public static string Draw(Bitfield pieces, int width, bool unicode)
    {
        string shades = unicode ? Shades : AsciiShades;
        return string.Create(width, (pieces, shades), static (cells, state) =>
        {
            for (int i = 0; i < cells.Length; i++)
                cells[i] = state.shades[ShadeOf(state.pieces, i, cells.Length, state.shades.Length - 1)];
        });
    }

    private static int ShadeOf(Bitfield pieces, int cell, int cells, int darkest)
    {
        if (pieces.IsFull)
            return darkest;
        if (pieces.IsEmpty)
            return 0;

        int first = (int)((long)cell * pieces.Length / cells);
        int end = Math.Max(first + 1, (int)((long)(cell + 1) * pieces.Length / cells));
        int there = 0;
        for (int piece = first; piece < end; piece++)
            there += pieces[piece] ? 1 : 0;

        // Only a part that is whole is drawn as whole, and only one that is empty as empty.
        return there == 0 ? 0 : there == end - first ? darkest : 1 + (there * (darkest - 1) / (end - first));
    }
}
