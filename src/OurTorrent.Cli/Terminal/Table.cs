namespace OurTorrent.Cli.Terminal;

/// <summary>A table of text with a title. A cell may hold several lines.</summary>
/// <param name="title">What stands above it, in capitals.</param>
/// <param name="headers">The names of the columns; none for a table of labels and values.</param>
internal sealed class Table(string title, params IReadOnlyList<string> headers)
{
    private readonly List<IReadOnlyList<IReadOnlyList<string>>> _rows = [];

    /// <summary>What stands above it.</summary>
    public string Title { get; } = title;

    /// <summary>The names of the columns; empty for a table of labels and values.</summary>
    public IReadOnlyList<string> Headers { get; } = headers;

    /// <summary>The rows; each cell is a list of lines.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> Rows => _rows;

    /// <summary>Adds a row of cells of one line.</summary>
    /// <param name="cells">The cells.</param>
    public Table Add(params IEnumerable<string> cells)
    {
        _rows.Add([.. cells.Select(static cell => (IReadOnlyList<string>)[Printable.Of(cell)])]);
        return this;
    }

    /// <summary>Adds a label and the lines of its value.</summary>
    /// <param name="label">The label.</param>
    /// <param name="lines">The lines; with none, the row is left out.</param>
    public Table AddLines(string label, IEnumerable<string> lines)
    {
        string[] printable = [.. lines.Select(Printable.Of)];
        if (printable.Length > 0)
            _rows.Add([[label], printable]);
        return this;
    }
}
