namespace OurTorrent.Network.Managed;

/// <summary>
/// Ends the wait of a poll. A bare monitor, because the runtime's events measure a wait in ticks of a coarse clock and end
/// it milliseconds early, which would cost the loop empty turns before every timer.
/// </summary>
internal sealed class WakeSignal
{
    private readonly object _gate = new();
    private bool _isSet;

    /// <summary>Ends the wait that is on, or else the next; any thread may call it.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (_isSet)
                return;
            _isSet = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until it is set, and takes that back.</summary>
    /// <param name="timeout">How long to wait at the most.</param>
    public void WaitAndReset(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (!_isSet && timeout != TimeSpan.Zero)
                Monitor.Wait(_gate, timeout);
            _isSet = false;
        }
    }
}
