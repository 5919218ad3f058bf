namespace OurTorrent.Tracker.Redis;

/// <summary>Where the state that several trackers share is kept, and how they keep up with each other.</summary>
public sealed record RedisOptions
{
    /// <summary>
    /// The server: <c>HOST:PORT</c>, several separated by commas for replicas of one server, and after them what StackExchange.Redis
    /// takes, such as <c>password=...</c>, <c>user=...</c>, <c>ssl=true</c> or <c>defaultDatabase=1</c>.
    /// </summary>
    public required string Configuration { get; init; }

    /// <summary>What all names of this group of trackers begin with in Redis; <c>ourtorrent</c> by default. Other groups need another one.</summary>
    public string Prefix { get; init; } = "ourtorrent";

    /// <summary>How often a tracker sends what has happened and asks what has happened elsewhere; a fifth of a second by default.</summary>
    public TimeSpan ExchangeInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How many batches of changes are kept for trackers that were away; 5,000 by default. One that has missed more takes the whole
    /// state once more.
    /// </summary>
    public int MaxBatches { get; init; } = 5000;

    /// <summary>How long to wait for the server at the start, and for each of its answers; 5 seconds by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One of them does not; it is named.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Configuration);
        ArgumentException.ThrowIfNullOrWhiteSpace(Prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(ExchangeInterval, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ExchangeInterval, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatches, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Timeout, TimeSpan.FromMilliseconds(10));
    }
}
