namespace OurTorrent.Simulation;

/// <summary>Figures that a run has shown, for who asks for diagnostics.</summary>
internal static class Figures
{
    /// <summary>Shows one.</summary>
    public static void Show(FormattableString figure) =>
        TestContext.Current.SendDiagnosticMessage(FormattableString.Invariant(figure));
}
