namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>A clock that stands still and then jumps, as one does for a process that was stopped: every timer fires once, late.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private readonly List<(TimerCallback Callback, object? State)> _timers = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add((callback, state));
        return new Timer();
    }

    public void Jump(TimeSpan time)
    {
        _elapsed += time;
        foreach ((TimerCallback callback, object? state) in _timers)
            callback(state);
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
