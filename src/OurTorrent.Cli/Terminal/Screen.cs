using Spectre.Console;
using Spectre.Console.Rendering;

namespace OurTorrent.Cli.Terminal;

/// <summary>Prints tables: with borders on a terminal, as plain lines in a pipe.</summary>
internal sealed class Screen
{
    private readonly CommandEnvironment _environment;
    private readonly IAnsiConsole? _console;
    private bool _hasPrinted;

    /// <summary>Prints to the standard output of an environment.</summary>
    /// <param name="environment">The environment.</param>
    public Screen(CommandEnvironment environment)
    {
        _environment = environment;
        if (environment.OutIsTerminal)
            _console = CreateConsole(environment);
    }

    /// <summary>Whether a person looks on, so that lines may be drawn over.</summary>
    public bool IsTerminal => _console is not null;

    /// <summary>Whether something is being drawn, so that lines must not be written past it.</summary>
    public bool IsDrawing { get; private set; }

    /// <summary>Prints a table, with an empty line above it where something stands there.</summary>
    /// <param name="table">The table.</param>
    public void Print(Table table)
    {
        if (_console is null)
        {
            if (_hasPrinted)
                _environment.Out.WriteLine();
            PlainText.Write(_environment.Out, table);
        }
        else
        {
            _console.Write(Draw(table));
        }

        _hasPrinted = true;
    }

    /// <summary>Prints a line.</summary>
    /// <param name="text">The line; whatever steers a terminal is made harmless.</param>
    public void PrintLine(string text = "")
    {
        _hasPrinted = true;
        string line = Printable.Of(text);
        if (_console is null)
            _environment.Out.WriteLine(line);
        else
            _console.Write(IsDrawing ? new AboveDrawing(new Text(line + "\n")) : new Text(line + "\n"));
    }

    /// <summary>Shows something that changes while work goes on; it stays as it was last when the work is done.</summary>
    /// <param name="body">The work; it is given a function that draws anew.</param>
    /// <exception cref="InvalidOperationException">Nobody looks on.</exception>
    public async Task DrawAsync(Func<Action<IRenderable>, Task> body)
    {
        IAnsiConsole console = _console ?? throw new InvalidOperationException("There is no terminal to draw on.");
        IsDrawing = true;
        try
        {
            await console.Live(new Text(""))
                .Overflow(VerticalOverflow.Crop)
                .Cropping(VerticalOverflowCropping.Bottom)
                .StartAsync(live => body(live.UpdateTarget));
        }
        finally
        {
            IsDrawing = false;
        }
    }

    /// <summary>Gives a table the form it has on a terminal.</summary>
    /// <param name="table">The table.</param>
    public static IRenderable Draw(Table table)
    {
        var drawn = new Spectre.Console.Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle(Markup.Escape(table.Title), new Style(decoration: Decoration.Bold)),
            ShowHeaders = table.Headers.Count > 0,
        };
        int columns = table.Headers.Count > 0 ? table.Headers.Count : table.Rows.Max(static row => row.Count);
        for (int i = 0; i < columns; i++)
            drawn.AddColumn(new TableColumn(new Text(i < table.Headers.Count ? table.Headers[i] : "", new Style(decoration: Decoration.Bold))));
        if (table.Headers.Count == 0)
            drawn.Columns[0].NoWrap();

        foreach (IReadOnlyList<IReadOnlyList<string>> row in table.Rows)
            drawn.AddRow(row.Select(static cell => (IRenderable)new Text(string.Join('\n', cell))));
        return drawn;
    }

    private static IAnsiConsole CreateConsole(CommandEnvironment environment) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = environment.UseColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
        Out = new Output(environment),
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });

    /// <summary>Text that takes the place of a drawing, which then comes below it: nothing of the drawing may be left beside the text.</summary>
    private sealed class AboveDrawing(IRenderable text) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => text.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => text.Render(options, maxWidth).Prepend(Segment.Control("\e[J"));
    }

    private sealed class Output(CommandEnvironment environment) : IAnsiConsoleOutput
    {
        public TextWriter Writer => environment.Out;

        public bool IsTerminal => true;

        public int Width => environment.TerminalSize().Width;

        public int Height => environment.TerminalSize().Height;

        public void SetEncoding(System.Text.Encoding encoding)
        {
            // The environment chose the encoding; a renderer has no say in it.
        }
    }
}
