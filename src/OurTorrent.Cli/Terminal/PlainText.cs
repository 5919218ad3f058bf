using System.Text;

namespace OurTorrent.Cli.Terminal;

/// <summary>Tables as plain lines, for a pipe: no borders, no escape codes, nothing cut off.</summary>
internal static class PlainText
{
    /// <summary>Writes a table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="table">The table.</param>
    public static void Write(TextWriter writer, Table table)
    {
        writer.WriteLine(table.Title);
        var rows = new List<IReadOnlyList<IReadOnlyList<string>>>(table.Rows.Count + 1);
        if (table.Headers.Count > 0)
            rows.Add([.. table.Headers.Select(static header => (IReadOnlyList<string>)[header])]);
        rows.AddRange(table.Rows);

        int[] widths = Measure(rows);
        foreach (IReadOnlyList<IReadOnlyList<string>> row in rows)
        {
            int height = row.Max(static cell => cell.Count);
            for (int line = 0; line < height; line++)
                writer.WriteLine(FormatLine(row, line, widths));
        }
    }

    private static int[] Measure(List<IReadOnlyList<IReadOnlyList<string>>> rows)
    {
        int[] widths = new int[rows.Count == 0 ? 0 : rows.Max(static row => row.Count)];
        foreach (IReadOnlyList<IReadOnlyList<string>> row in rows)
        {
            for (int column = 0; column < row.Count; column++)
                widths[column] = Math.Max(widths[column], row[column].Max(static line => line.Length));
        }

        return widths;
    }

    private static string FormatLine(IReadOnlyList<IReadOnlyList<string>> row, int line, int[] widths)
    {
        var text = new StringBuilder();
        for (int column = 0; column < row.Count; column++)
        {
            if (column > 0)
                text.Append("  ");
            text.Append((line < row[column].Count ? row[column][line] : "").PadRight(widths[column]));
        }

        return text.ToString().TrimEnd();
    }
}
