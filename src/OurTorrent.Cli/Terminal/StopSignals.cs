using System.Runtime.InteropServices;

namespace OurTorrent.Cli.Terminal;

/// <summary>Ctrl-C and SIGTERM: the first asks the command to stop cleanly, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CommandEnvironment _environment;
    private readonly PosixSignalRegistration[] _registrations;
    private int _received;

    /// <summary>Begins to listen for the signals.</summary>
    /// <param name="environment">The terminal, which the second signal leaves in order.</param>
    public StopSignals(CommandEnvironment environment)
    {
        _environment = environment;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _received) == 1)
        {
            _stop.Cancel();
            return;
        }

        if (_environment.OutIsTerminal)
            _environment.Out.WriteLine("\e[?25h"); // The drawing that is broken off has hidden the cursor, and stands in its last line.
        _environment.Out.Flush();
        Environment.Exit((int)ExitCode.Interrupted);
    }
}
