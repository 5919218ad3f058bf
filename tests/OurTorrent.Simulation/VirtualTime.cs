namespace OurTorrent.Simulation;

/// <summary>
/// A clock that stands still until it is told to go on, and what is to happen when it does. Things that happen at the same
/// time happen in the order they were scheduled.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    // So many events without the time moving on are no simulation any more.
    private const int MaxEventsAtOnce = 10_000_000;

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EventQueue _events = new();

    /// <summary>The time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many events have happened: what a run costs.</summary>
    public long Happened { get; private set; }

    /// <summary>When the next event happens, or null when none is scheduled.</summary>
    public TimeSpan? Next => _events.Count > 0 ? _events.NextTime : null;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Epoch + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new VirtualTimer(this, callback, state, dueTime, period);

    /// <summary>Has something happen after a while; zero for as soon as the time is looked at.</summary>
    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Has something happen at a time; one that has passed counts as now.</summary>
    public void At(TimeSpan time, Action action) => At(time, new ActionEvent(action));

    /// <summary>Has something happen at a time; one that has passed counts as now.</summary>
    public void At(TimeSpan time, IVirtualEvent what) => _events.Add(time > Now ? time : Now, what);

    /// <summary>Moves the clock on and does what is scheduled until then, each at its time.</summary>
    public void AdvanceTo(TimeSpan time)
    {
        for (int count = 0; _events.Count > 0 && _events.NextTime <= time; count++)
        {
            if (_events.NextTime > Now)
                count = 0;
            else if (count > MaxEventsAtOnce)
                throw new InvalidOperationException($"Events beget events at {Now} without end.");
            Now = _events.NextTime;
            Happened++;
            _events.Take().Happen();
        }

        if (time > Now)
            Now = time;
    }

    /// <summary>Moves the clock on by a while.</summary>
    public void Advance(TimeSpan duration) => AdvanceTo(Now + duration);

    private sealed class ActionEvent(Action action) : IVirtualEvent
    {
        public void Happen() => action();
    }

    private sealed class VirtualTimer : ITimer
    {
        private readonly VirtualTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _version;
        private bool _disposed;

        public VirtualTimer(VirtualTime time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _time = time;
            _callback = callback;
            _state = state;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
                return false;
            Schedule(dueTime, period, ++_version);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan dueTime, TimeSpan period, int version)
        {
            if (dueTime < TimeSpan.Zero)
                return;
            _time.After(dueTime, () =>
            {
                if (version != _version)
                    return;
                if (period > TimeSpan.Zero)
                    Schedule(period, period, version);
                _callback(_state);
            });
        }
    }
}
