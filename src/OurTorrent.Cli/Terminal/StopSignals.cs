using System.Runtime.InteropServices;

namespace OurTorrent.Cli.Terminal;

/// <summary>Ctrl-C and SIGTERM: the first asks the command to stop cleanly, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan SameWish = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly CommandEnvironment _environment;
    private readonly PosixSignalRegistration[] _registrations;
    private long _firstAt;

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

    /// <summary>Whether the first signal was SIGTERM: the system asks for the end, where Ctrl-C is a person's change of mind.</summary>
    public bool IsTermination { get; private set; }

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
        long now = _environment.Time.GetTimestamp();
        long first = Interlocked.CompareExchange(ref _firstAt, now, 0);
        if (first == 0)
        {
            IsTermination = context.Signal == PosixSignal.SIGTERM;
            _stop.Cancel();
            return;
        }

        // The `timeout` command signals the process, and in the same breath its whole group: that is one wish, not two.
        if (_environment.Time.GetElapsedTime(first, now) < SameWish)
            return;

        if (_environment.OutIsTerminal)
            _environment.Out.WriteLine("\e[?25h"); // The drawing that is broken off has hidden the cursor, and stands in its last line.
        _environment.Out.Flush();
        Environment.Exit((int)ExitCode.Interrupted);
    }
}
