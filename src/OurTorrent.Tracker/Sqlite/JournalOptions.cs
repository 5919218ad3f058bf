namespace OurTorrent.Tracker.Sqlite;

/// <summary>How what happens is brought to the database.</summary>
public sealed record JournalOptions
{
    /// <summary>How often what has happened is written; a tracker that is killed loses no more than this. 5 seconds by default.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the swarms that have changed are written as a whole, in place of the log of their changes; 10 minutes by default.</summary>
    public TimeSpan ImageInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many bytes of log there may be before the swarms are written as a whole ahead of time; 128 MiB by default. Where the swarms
    /// take more than half of this, it is twice what they take.
    /// </summary>
    public long LogLimit { get; init; } = 128 * 1024 * 1024;

    /// <summary>How long the row of statistics that each minute leaves is kept; 90 days by default.</summary>
    public TimeSpan StatisticsLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Checks that the measures make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them does not; it is named.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FlushInterval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FlushInterval, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(ImageInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(LogLimit, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(StatisticsLifetime, TimeSpan.Zero);
    }
}
