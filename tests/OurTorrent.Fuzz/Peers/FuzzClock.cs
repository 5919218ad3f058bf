namespace OurTorrent.Fuzz.Peers;

/// <summary>A clock that is moved by hand.</summary>
internal sealed class FuzzClock : TimeProvider
{
    /// <summary>The time since the beginning.</summary>
    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;
}
