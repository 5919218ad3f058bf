namespace OurTorrent.Bandwidth;

/// <summary>
/// Keeps a flow of bytes within a rate: a bucket that fills at the rate up to a tenth of a second's worth (and two blocks
/// at least), from which the flow takes. It may hang below another (a torrent's below the session's): then both must agree.
/// Among those who take from it the caller is fair by asking for them in turn.
/// </summary>
internal sealed class RateLimiter(RateLimiter? parent = null)
{
    /// <summary>Less than this is only handed out to who wants less: a trickle of bytes is not worth a system call.</summary>
    private const long Quantum = 16 * 1024;

    private double _tokens;
    private TimeSpan _filled;

    /// <summary>The rate in bytes per second, or null when there is no limit here.</summary>
    public long? Rate { get; private set; }

    /// <summary>Whether neither this limiter nor one above it limits anything.</summary>
    public bool IsUnlimited => Rate is null && (parent is null || parent.IsUnlimited);

    private double Burst => Math.Max(Rate!.Value / 10.0, 2 * Quantum);

    /// <summary>Changes the limit.</summary>
    /// <param name="now">The time.</param>
    /// <param name="rate">The rate in bytes per second, above zero; null for no limit.</param>
    public void SetRate(TimeSpan now, long? rate)
    {
        if (rate is { } value)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(rate));

        if (Rate is null)
        {
            _tokens = 0;
            _filled = now;
        }
        else
        {
            Fill(now);
        }

        Rate = rate;
        if (rate is not null)
            _tokens = Math.Min(_tokens, Burst);
    }

    /// <summary>Takes bytes out of the bucket, and out of those above it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wanted">How many bytes are wanted.</param>
    /// <returns>How many may pass: from zero up to the number wanted.</returns>
    public long Take(TimeSpan now, long wanted)
    {
        if (wanted <= 0)
            return 0;

        long granted = Math.Min(wanted, Available(now));
        if (granted < Math.Min(wanted, Quantum))
            return 0;

        Spend(granted);
        return granted;
    }

    /// <summary>Puts back bytes that were taken but did not pass.</summary>
    public void Return(long bytes) => Spend(-bytes);

    /// <summary>When it is worth asking again.</summary>
    /// <returns>The time, or null when there is something to take now.</returns>
    public TimeSpan? NextAvailable(TimeSpan now)
    {
        TimeSpan? due = parent?.NextAvailable(now);
        if (Rate is not { } rate)
            return due;

        // Who waits gets ten milliseconds' worth at once, so that a high rate does not mean a wake-up for each block.
        Fill(now);
        double missing = (_tokens >= Quantum ? 0 : Math.Max(Quantum, Math.Min(rate / 100.0, Burst))) - _tokens;
        if (missing <= 0)
            return due;

        TimeSpan own = now + TimeSpan.FromTicks((long)Math.Ceiling(missing * TimeSpan.TicksPerSecond / rate));
        return due > own ? due : own;
    }

    private long Available(TimeSpan now)
    {
        long above = parent?.Available(now) ?? long.MaxValue;
        if (Rate is null)
            return above;

        Fill(now);
        return Math.Min(above, (long)_tokens);
    }

    private void Spend(long bytes)
    {
        if (Rate is not null)
            _tokens = Math.Min(_tokens - bytes, Burst);
        parent?.Spend(bytes);
    }

    private void Fill(TimeSpan now)
    {
        if (now <= _filled)
            return;

        _tokens = Math.Min(_tokens + (Rate!.Value * (now - _filled).TotalSeconds), Burst);
        _filled = now;
    }
}
