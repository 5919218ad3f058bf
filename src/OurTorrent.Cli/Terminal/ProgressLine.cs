namespace OurTorrent.Cli.Terminal;

/// <summary>One line on standard error that is written over again and again; nothing at all where nobody looks on.</summary>
/// <param name="environment">Where standard error is.</param>
internal sealed class ProgressLine(CommandEnvironment environment) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Throttle _throttle = new(environment.Time, TimeSpan.FromMilliseconds(150));
    private bool _isShown;

    /// <summary>Shows a text, unless the last one was only just shown. Any thread may call it.</summary>
    /// <param name="text">Makes the text.</param>
    public void Show(Func<string> text)
    {
        lock (_gate)
        {
            if (_throttle.IsDue())
                ShowNow(text());
        }
    }

    /// <summary>Shows a text. Any thread may call it.</summary>
    /// <param name="text">The text.</param>
    public void ShowNow(string text)
    {
        if (!environment.ErrorIsTerminal)
            return;

        lock (_gate)
        {
            environment.Error.Write("\r" + TextWidth.Fit(Printable.Of(text), environment.TerminalSize().Width - 1) + "\e[K");
            _isShown = true;
        }
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isShown)
                environment.Error.Write("\r\e[K");
            _isShown = false;
        }
    }
}
