namespace OurTorrent.Cli.Terminal;

/// <summary>Lets something happen no more often than once in an interval.</summary>
/// <param name="time">The clock.</param>
/// <param name="interval">The interval; the first one begins now.</param>
internal sealed class Throttle(TimeProvider time, TimeSpan interval)
{
    private long _last = time.GetTimestamp();

    /// <summary>Whether the interval is over; if so, the next one begins.</summary>
    public bool IsDue()
    {
        long now = time.GetTimestamp();
        if (time.GetElapsedTime(_last, now) < interval)
            return false;

        _last = now;
        return true;
    }
}
