using System.Text;
using QRCoder;

namespace OurTorrent.Cli.Sharing;

/// <summary>A QR code in characters, two rows of squares to a line.</summary>
internal static class QrPicture
{
    /// <summary>Draws a QR code.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="color">Whether its colours are set: dark on light, as it is meant to be, whatever those of the terminal are.</param>
    /// <returns>The lines. Without colours, what is light is drawn and what is dark is left out, as suits a dark terminal.</returns>
    public static IReadOnlyList<string> Draw(string text, bool color)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        List<System.Collections.BitArray> squares = code.ModuleMatrix;
        var lines = new List<string>();
        for (int row = 0; row < squares.Count; row += 2)
        {
            var line = new StringBuilder(color ? "\e[97;40m" : "");
            for (int column = 0; column < squares.Count; column++)
            {
                bool upper = !squares[row][column];
                bool lower = row + 1 < squares.Count && !squares[row + 1][column];
                line.Append((upper, lower) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                });
            }

            lines.Add(line.Append(color ? "\e[0m" : "").ToString());
        }

        return lines;
    }
}
