namespace OurTorrent.Tracker;

/// <summary>
/// What time it is, to the second, for code that runs for each packet and must not ask the system. It never goes back: when the
/// system's clock is put right, this one runs on from where it began.
/// </summary>
internal sealed class TrackerClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _startTimestamp;
    private readonly long _startSeconds;
    private uint _seconds;

    public TrackerClock(TimeProvider time)
    {
        _time = time;
        _startTimestamp = time.GetTimestamp();
        _startSeconds = time.GetUtcNow().ToUnixTimeSeconds();
        Refresh();
        _timer = time.CreateTimer(static clock => ((TrackerClock)clock!).Refresh(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Seconds since 1970; at most a second old.</summary>
    public uint Seconds => Volatile.Read(ref _seconds);

    public TimeProvider Time => _time;

    public void Dispose() => _timer.Dispose();

    private void Refresh() => Volatile.Write(ref _seconds, (uint)(_startSeconds + (long)_time.GetElapsedTime(_startTimestamp).TotalSeconds));
}
