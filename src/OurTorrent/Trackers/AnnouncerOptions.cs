namespace OurTorrent.Trackers;

/// <summary>How a torrent asks its trackers.</summary>
internal sealed record AnnouncerOptions
{
    /// <summary>Whether every tracker is announced to, not only the first that answers.</summary>
    public bool AnnounceToAll { get; init; }

    /// <summary>How long one announce may take, over all addresses of the tracker and all tries.</summary>
    public TimeSpan AnnounceLimit { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the farewell to all trackers may take.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long stopping waits for trackers that have never answered: they may be dead, and nobody likes to wait for those.</summary>
    public TimeSpan StrangerStopLimit { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The interval where a tracker gives none.</summary>
    public TimeSpan DefaultInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The least interval, whatever a tracker says.</summary>
    public TimeSpan LeastInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The greatest interval, whatever a tracker says.</summary>
    public TimeSpan GreatestInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How soon a tracker that names no least interval is asked again when peers are few; doubled with each such time in a row.
    /// </summary>
    public TimeSpan EarlyInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait after the first failure; doubled with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait after a failure.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many trackers are asked at once, with <see cref="AnnounceToAll"/>.</summary>
    public int MaxConcurrent { get; init; } = 16;

    /// <summary>How many trackers a torrent may have; more are left out.</summary>
    public int MaxTrackers { get; init; } = 200;
}
