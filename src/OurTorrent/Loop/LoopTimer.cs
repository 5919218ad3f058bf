namespace OurTorrent.Loop;

/// <summary>A callback on an engine loop at a given time. Belongs to the loop's thread.</summary>
internal sealed class LoopTimer
{
    private readonly EngineLoop _loop;
    private readonly Action _callback;

    internal LoopTimer(EngineLoop loop, Action callback)
    {
        _loop = loop;
        _callback = callback;
    }

    /// <summary>When it is due on the loop's clock, or null when it is not set.</summary>
    public TimeSpan? Due => Place >= 0 ? DueOrZero : null;

    /// <summary>When it is due; means nothing while it is not set.</summary>
    internal TimeSpan DueOrZero { get; private set; }

    /// <summary>Where the queue keeps it; negative while it is not set.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>The running number of its last setting.</summary>
    internal long Setting { get; set; }

    /// <summary>Sets the time, in place of any set before.</summary>
    /// <param name="delay">How long from now; zero or less for the next turn.</param>
    public void Set(TimeSpan delay)
    {
        TimeSpan now = _loop.Now;
        DueOrZero = delay <= TimeSpan.Zero ? now : delay < TimeSpan.MaxValue - now ? now + delay : TimeSpan.MaxValue;
        _loop.Timers.Set(this);
    }

    /// <summary>Takes the time back; the callback is not called.</summary>
    public void Cancel() => _loop.Timers.Remove(this);

    internal void Fire()
    {
        _loop.Timers.Remove(this);
        _callback();
    }
}
