namespace OurTorrent.Tracker;

/// <summary>What time it is, to the second, for code that runs for each packet and must not ask the system.</summary>
internal sealed class TrackerClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private uint _seconds;

    public TrackerClock(TimeProvider time)
    {
        _time = time;
        Refresh();
        _timer = time.CreateTimer(static clock => ((TrackerClock)clock!).Refresh(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Seconds since 1970; at most a second old.</summary>
    public uint Seconds => Volatile.Read(ref _seconds);

    public TimeProvider Time => _time;

    public void Dispose() => _timer.Dispose();

    private void Refresh() => Volatile.Write(ref _seconds, (uint)_time.GetUtcNow().ToUnixTimeSeconds());
}
