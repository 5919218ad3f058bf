namespace OurTorrent.Loop;

/// <summary>A callback on an engine loop at a given time. Belongs to the loop's thread.</summary>
internal sealed class LoopTimer
{
    private readonly EngineLoop _loop;

    internal LoopTimer(EngineLoop loop, Action callback)
    {
        _loop = loop;
        Callback = callback;
    }

    /// <summary>When it is due on the loop's clock, or null when it is not set.</summary>
    public TimeSpan? Due { get; private set; }

    internal Action Callback { get; }

    /// <summary>Counts the settings, so that a queue entry of an earlier one is known to be stale.</summary>
    internal int Version { get; private set; }

    /// <summary>Sets the time, in place of any set before.</summary>
    /// <param name="delay">How long from now; zero or less for the next turn.</param>
    public void Set(TimeSpan delay)
    {
        Due = _loop.Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        Version++;
        _loop.Enqueue(this);
    }

    /// <summary>Takes the time back; the callback is not called.</summary>
    public void Cancel()
    {
        Due = null;
        Version++;
    }

    internal void Fire()
    {
        Due = null;
        Callback();
    }
}
